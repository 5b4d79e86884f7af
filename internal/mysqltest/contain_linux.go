package mysqltest

import (
	"os/exec"
	"syscall"
)

// contain makes cmd end with the thread that starts it.
func contain(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
