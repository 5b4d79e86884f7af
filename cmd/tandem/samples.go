package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// samples are the two sample applications of the demo, as processes of their
// own. Their programs stand beside this one.
type samples struct {
	crm, mailing string // base URLs
	running      []*exec.Cmd
}

func startSamples(ctx context.Context, log io.Writer) (_ *samples, err error) {
	s := &samples{}
	defer func() {
		if err != nil {
			s.stop()
		}
	}()
	if s.crm, err = s.start(ctx, log, "crm", "--listen", "127.0.0.1:0", "--api-key", crmKey); err != nil {
		return s, err
	}
	s.mailing, err = s.start(ctx, log, "mailing", "--listen", "127.0.0.1:0", "--user", mailingUser, "--password", mailingPassword, "--lists", "Newsletter,Brighton")
	return s, err
}

// start starts a program and returns the URL that it prints first.
func (s *samples) start(ctx context.Context, log io.Writer, name string, args ...string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	cmd := exec.CommandContext(ctx, filepath.Join(filepath.Dir(self), name), args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("the sample application %s is missing: build it with `make build`", cmd.Path)
	} else if err != nil {
		return "", err
	}
	s.running = append(s.running, cmd)
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("%s did not start: %w", name, err)
	}
	return strings.TrimSpace(url), nil
}

// stop ends the applications; it may be called again.
func (s *samples) stop() {
	for _, cmd := range s.running {
		_ = cmd.Cancel() // it may have ended already
		_ = cmd.Wait()   // with a signal, as asked
	}
	s.running = nil
}
