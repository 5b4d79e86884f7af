package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// contain makes cmd end with the thread that starts it, and, as PostgreSQL
// refuses to run as root, gives it to the user postgres.
func contain(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Geteuid() != 0 {
		return nil
	}
	uid, gid, err := postgresUser()
	if err != nil {
		return err
	}
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	return nil
}

// own gives files to the user whom contain chooses.
func own(paths ...string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	uid, gid, err := postgresUser()
	if err != nil {
		return err
	}
	for _, p := range paths {
		if err := os.Chown(p, int(uid), int(gid)); err != nil {
			return err
		}
	}
	return nil
}

func quit(p *os.Process) error { return p.Signal(syscall.SIGQUIT) }

func postgresUser() (uid, gid uint32, err error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return 0, 0, fmt.Errorf("PostgreSQL does not run as root: %w", err)
	}
	for _, id := range []struct {
		text string
		to   *uint32
	}{{u.Uid, &uid}, {u.Gid, &gid}} {
		n, err := strconv.ParseUint(id.text, 10, 32)
		if err != nil {
			return 0, 0, fmt.Errorf("user postgres: %w", err)
		}
		*id.to = uint32(n)
	}
	return uid, gid, nil
}
