// Package target starts the systems that are measured, each as a process of
// its own with a folder of its own, ready to take the works.
package target

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/tandem-ipaas/tandem/client"
)

// Work is one of the works.
type Work string

// The works.
const (
	Map    Work = "A" // webhook → map five fields → POST
	Script Work = "S" // as A, mapped by a step's script
	Split  Work = "B" // 1,000 items → split → map → POST each
	LookUp Work = "C" // webhook → GET → decision → POST
)

// Works lists them.
func Works() []Work { return []Work{Map, Script, Split, LookUp} }

// System is a system that runs.
type System struct {
	URLs    map[Work]string
	Partner *client.Client // of the REST API; nil: it has none
	PIDs    []int          // of its processes, each with its children
	Dir     string         // what it keeps is here; "": somewhere else
	URL     string         // of the PostgreSQL that it is on; "": none
	stop    func() error
	again   func(ctx context.Context) (*node, error) // nil: it is not started again
}

// Stop ends the process.
func (s *System) Stop() error { return s.stop() }

// Starter starts a system that delivers to the sink and keeps its data and its
// log in dir, which is there and empty. The system ends with ctx at the latest.
type Starter func(ctx context.Context, dir, sink string) (*System, error)

// process is a child, with its log.
type process struct {
	cmd    *exec.Cmd
	cancel context.CancelFunc
	log    *os.File
	ended  chan struct{} // closed when it has, with err set
	err    error
}

const stopTime = 15 * time.Second

// launch starts a program. Its errors go to a log in dir, its output too
// unless out is set.
func launch(ctx context.Context, dir string, out io.Writer, name string, args ...string) (*process, error) {
	log, err := os.Create(filepath.Join(dir, "log.txt"))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &process{cmd: exec.CommandContext(ctx, name, args...), cancel: cancel, log: log, ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = out, log
	if out == nil {
		p.cmd.Stdout = log
	}
	p.cmd.Cancel = func() error {
		if p.cmd.Process.Signal(syscall.SIGTERM) != nil { // Windows has no signals
			return p.cmd.Process.Kill()
		}
		return nil
	}
	p.cmd.WaitDelay = stopTime
	if err := p.cmd.Start(); err != nil {
		cancel()
		return nil, errors.Join(err, log.Close())
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// stop asks the process to end, and kills it if it does not.
func (p *process) stop() error {
	p.cancel()
	<-p.ended
	err := p.err
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return errors.Join(err, p.log.Close())
}

// failure says why a process has ended, with the end of its log.
func (p *process) failure() error {
	<-p.ended
	b, _ := os.ReadFile(p.log.Name())
	tail := strings.TrimSpace(string(b[max(0, len(b)-1000):]))
	return fmt.Errorf("%s ended: %w\n%s", filepath.Base(p.cmd.Path), errors.Join(p.err, p.log.Close()), tail)
}

// Bare starts a baseline: program with the arguments bare, SINK and, when it is
// durable, the file of its database.
func Bare(program string, durable bool) Starter {
	return func(ctx context.Context, dir, sink string) (*System, error) {
		out, in := io.Pipe()
		args := []string{"bare", sink}
		if durable {
			args = append(args, filepath.Join(dir, "bare.db"))
		}
		p, err := launch(ctx, dir, in, program, args...)
		if err != nil {
			return nil, err
		}
		go func() {
			<-p.ended
			_ = in.Close()
		}()
		base, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			return nil, p.failure()
		}
		base = strings.TrimSpace(base)
		return &System{
			URLs: map[Work]string{Map: base + "/a", Script: base + "/a", Split: base + "/b", LookUp: base + "/c"},
			PIDs: []int{p.cmd.Process.Pid}, Dir: dir, stop: p.stop,
		}, nil
	}
}
