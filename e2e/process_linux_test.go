package e2e

import (
	"os/exec"
	"syscall"
)

// dieWithParent ends the process if the test's is killed.
func dieWithParent(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
