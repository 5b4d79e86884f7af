package script

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem/internal/script/wire"
)

// How long a worker may take to be there, and to clear away what it did.
const (
	startTime = 10 * time.Second
	clearTime = 2 * time.Second
)

// process is a worker.
type process struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *wire.Reader
	said *head // on its standard error
	runs int
}

// startProcess starts a worker and waits until it is ready.
func startProcess(command []string) (*process, error) {
	if os.Getenv(wire.Marker) != "" {
		return nil, errors.New("this process is a script worker itself, and starts none")
	}
	p := &process{cmd: exec.Command(command[0], command[1:]...), said: &head{}}
	p.cmd.Env = []string{wire.Marker + "=1", "TZ=UTC"}
	p.cmd.Dir = string(os.PathSeparator)
	p.cmd.SysProcAttr = attributes()
	p.cmd.Stderr = p.said
	p.cmd.WaitDelay = time.Second
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = wire.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if err := p.ready(startTime); err != nil {
		p.end()
		return nil, fmt.Errorf("%w; it said %q", err, p.said)
	}
	return p, nil
}

// ready waits for the worker to be ready.
func (p *process) ready(within time.Duration) error {
	timer := time.AfterFunc(within, p.kill)
	m, err := p.out.Read()
	switch {
	case !timer.Stop():
		return fmt.Errorf("the worker was not ready within %s", within)
	case err != nil:
		return fmt.Errorf("the worker ended: %w", err)
	case m.Ready != wire.Version:
		return fmt.Errorf("the worker is of version %d, and not %d", m.Ready, wire.Version)
	}
	return nil
}

// kill ends the process at once; what is read from it then ends.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // which fails if it has ended
}

// end kills the process and waits until nothing of it is left.
func (p *process) end() {
	p.kill()
	p.in.Close()
	_ = p.cmd.Wait() // which says that it was killed
}

// head keeps the beginning of what is written to it, where a dying program says
// why.
type head struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write keeps some and takes all.
func (h *head) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	const most = 1 << 10
	h.text.Write(p[:min(len(p), max(0, most-h.text.Len()))])
	return len(p), nil
}

// String is what was kept.
func (h *head) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// shortOfMemory says whether a worker ended for want of memory.
func (h *head) shortOfMemory() bool {
	text := h.String()
	return strings.Contains(text, "out of memory") || strings.Contains(text, "cannot allocate memory")
}
