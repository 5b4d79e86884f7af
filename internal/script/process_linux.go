package script

import "syscall"

// self is this program, even if its file has been replaced.
func self() string { return "/proc/self/exe" }

// attributes keep a worker from the signals of the server's terminal, and have
// the kernel kill it when the server dies. (That a worker's input ends then would
// do, were it not stopped.)
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
