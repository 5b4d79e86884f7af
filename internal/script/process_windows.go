package script

import (
	"os"
	"syscall"
)

// self is this program; if there is no saying where, starting it tells.
func self() string {
	program, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return program
}

// attributes keep a worker from the signals of the server's terminal. It ends by
// itself when its input does.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
}
