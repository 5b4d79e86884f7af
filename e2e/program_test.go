package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

// bin is the folder of the programs under test.
var bin string

func TestMain(m *testing.M) {
	os.Exit(build(m))
}

// build builds the programs once, for all tests.
func build(m *testing.M) int {
	dir, err := os.MkdirTemp("", "tandem-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	bin = dir
	cmd := exec.Command("go", "build", "-o", bin+string(filepath.Separator), "./cmd/tandem", "./examples/crm", "./examples/mailing")
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		return 1
	}
	return pgtest.Main(m)
}

// program is a running process.
type program struct {
	t    testing.TB
	cmd  *exec.Cmd
	log  *lockedBuffer
	wait func() error
}

// start starts a program of ours; the test kills it at the end.
func start(t testing.TB, name string, args ...string) *program {
	t.Helper()
	p := &program{t: t, cmd: exec.Command(filepath.Join(bin, name), args...), log: &lockedBuffer{}}
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	dieWithParent(p.cmd)
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	p.wait = sync.OnceValue(p.cmd.Wait)
	t.Cleanup(p.kill)
	return p
}

// kill is kill -9.
func (p *program) kill() {
	_ = p.cmd.Process.Kill() // fails only if it ended by itself
	_ = p.wait()             // says that it was killed
}

// mustKill is kill of one that runs: a program that ended by itself was not killed.
func (p *program) mustKill() {
	p.t.Helper()
	p.kill()
	if s := p.cmd.ProcessState; runtime.GOOS != "windows" && s.Exited() { // there nobody can tell
		p.t.Fatalf("a server had ended by itself: %s\n%s", s, p.log)
	}
}

// lockedBuffer is a buffer that a process writes while a test reads.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// installation is a data folder with a partner, on which servers are started.
type installation struct {
	t       testing.TB
	storage []string // flags
	keys    tandem.NewPartner
}

// install runs tandem init.
func install(t testing.TB, storage ...string) installation {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin, "tandem"), append([]string{"init", "--partner", "Acme Software", "--email", "sam@acme.example", "--json"}, storage...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tandem init: %v\n%s", err, &stderr)
	}
	in := installation{t: t, storage: storage}
	if err := json.Unmarshal(out, &in.keys); err != nil {
		t.Fatalf("tandem init printed %q: %v", out, err)
	}
	return in
}

// serve starts a server at address and waits until it is ready.
func (in installation) serve(address string, flags ...string) *program {
	in.t.Helper()
	args := append([]string{"serve", "--listen", address, "--egress-allow", "127.0.0.0/8", "--log-level", "warn"}, in.storage...)
	p := start(in.t, "tandem", append(args, flags...)...)
	waitReady(in.t, p, "http://"+address)
	return p
}

func waitReady(t testing.TB, p *program, url string) {
	t.Helper()
	for range 3000 {
		if r, err := http.Get(url + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s did not become ready:\n%s", url, p.log)
}
