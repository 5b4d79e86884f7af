package pgtest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
)

// Launch starts a server from a thread that lives as long as it does: its parent,
// in the eyes of Linux, is the thread, and it dies with its parent. exited is
// closed when it has ended.
func Launch(cmd *exec.Cmd) (exited <-chan struct{}, err error) {
	started, ended := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(ended)
		err := cmd.Start()
		started <- err
		if err == nil {
			_, _ = cmd.Process.Wait()
		}
	}()
	return ended, <-started
}

// Await reads a server's log until it says that it is ready, and goes on reading,
// so that the server never waits to write.
func Await(ctx context.Context, log io.Reader, name, ready string) error {
	result := make(chan error, 1)
	go func() {
		var before strings.Builder
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			if strings.Contains(lines.Text(), ready) {
				result <- nil
				_, _ = io.Copy(io.Discard, log)
				return
			}
			before.WriteString(lines.Text() + "\n")
		}
		result <- fmt.Errorf("%s did not start:\n%s", name, before.String())
	}()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return fmt.Errorf("start %s: %w", name, ctx.Err())
	}
}
