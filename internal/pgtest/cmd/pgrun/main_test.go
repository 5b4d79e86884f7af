package main

import (
	"os/exec"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/skip"
)

func TestRunGivesAServerAndReturnsTheCode(t *testing.T) {
	t.Setenv(pgtest.Env, "")
	if code, err := run([]string{"sh", "-c", `test -n "$` + pgtest.Env + `" || exit 3; exit 7`}); code == 3 {
		skip.Missing(t, "%v", pgtest.ErrNotInstalled)
	} else if code != 7 || err != nil {
		t.Errorf("code %d, %v; want the command's, 7", code, err)
	}
}

func TestRunKeepsTheServerGiven(t *testing.T) {
	t.Setenv(pgtest.Env, "postgres://given")
	if code, err := run([]string{"sh", "-c", `test "$` + pgtest.Env + `" = postgres://given`}); code != 0 || err != nil {
		t.Errorf("code %d, %v; want the given server to be passed on", code, err)
	}
}

func TestRunReportsACommandThatIsNotThere(t *testing.T) {
	t.Setenv(pgtest.Env, "postgres://given")
	if _, err := exec.LookPath("no-such-command-here"); err == nil {
		t.Fatal("there is such a command")
	}
	if code, err := run([]string{"no-such-command-here"}); code != 1 || err == nil {
		t.Errorf("code %d, %v; want 1 and an error", code, err)
	}
}
