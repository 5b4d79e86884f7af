package script

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/script/wire"
)

// endless is a job that only its limits end, and not in the engine.
func endless(timeout time.Duration) Job {
	return Job{Event: AfterAction, Timeout: timeout, Sources: []Source{{Level: Step, Text: "function after_action() { for (;;) new Array(2 ** 32 - 1).join(''); }"}}}
}

// plainly runs a script that does nothing much.
func plainly(t testing.TB, p *Pool) {
	t.Helper()
	if _, err := step(t, p, AfterAction, "function after_action() {}"); err != nil {
		t.Fatal(err)
	}
}

func (p *Pool) pids() (all []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for w := range p.workers {
		all = append(all, w.cmd.Process.Pid)
	}
	return all
}

// patience is how long a busy machine may take for what must come.
const patience = 30 * time.Second

// within waits for something to become true.
func within(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}

// alive says whether a process runs; a zombie does not.
func alive(pid int) bool {
	if runtime.GOOS == "linux" {
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		_, after, _ := strings.Cut(string(stat), ") ")
		return err == nil && !strings.HasPrefix(after, "Z")
	}
	p, err := os.FindProcess(pid)
	return err == nil && p.Signal(syscall.Signal(0)) == nil
}

// Who no longer waits leaves nothing behind: no process, no place taken.
func TestContextEnds(t *testing.T) {
	p := newPool(t, Options{Workers: 2})
	goroutines := runtime.NumGoroutine()
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			_, err := p.Run(ctx, endless(time.Minute))
			ended <- err
		}()
		within(t, "a worker", func() bool { return len(p.pids()) > 0 })
		pid := p.pids()[0]
		start := time.Now()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) || time.Since(start) > patience {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		within(t, "the worker's end", func() bool { return !alive(pid) && len(p.pids()) == 0 })
	}
	within(t, "the goroutines' end", func() bool { return runtime.NumGoroutine() <= goroutines })
	plainly(t, p)
}

// The server is closed in the middle of a script.
func TestClose(t *testing.T) {
	p := newPool(t, Options{Workers: 1})
	ended := make(chan error, 2)
	for range 2 { // one of them waits
		go func() {
			_, err := p.Run(context.Background(), endless(time.Minute))
			ended <- err
		}()
	}
	within(t, "a worker", func() bool { return len(p.pids()) == 1 })
	pid := p.pids()[0]
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if alive(pid) {
		t.Error("the worker lives")
	}
	for range 2 {
		if err := <-ended; !errors.Is(err, errClosed) {
			t.Error(err)
		}
	}
	if _, err := step(t, p, AfterAction, "function after_action() {}"); !errors.Is(err, errClosed) {
		t.Error(err)
	}
}

// A worker is used many times and not for ever.
func TestWorkersAreReplaced(t *testing.T) {
	p := newPool(t, Options{Workers: 1, Runs: 3})
	var pids []int
	for range 7 {
		plainly(t, p)
		within(t, "the worker to be cleared", func() bool {
			p.queue.mu.Lock()
			defer p.queue.mu.Unlock()
			return p.queue.taken == 0
		})
		for _, pid := range p.pids() {
			if len(pids) == 0 || pids[len(pids)-1] != pid {
				pids = append(pids, pid)
			}
		}
	}
	if len(pids) != 3 {
		t.Errorf("workers %v for 7 runs, want 3", pids)
	}
}

// Somebody kills a worker in the middle of a script, and between scripts.
func TestWorkerKilled(t *testing.T) {
	p := newPool(t, Options{Workers: 1})
	ended := make(chan error)
	go func() {
		_, err := p.Run(t.Context(), endless(time.Minute))
		ended <- err
	}()
	within(t, "a worker", func() bool { return len(p.pids()) == 1 })
	time.Sleep(20 * time.Millisecond) // as it may not have begun
	kill(t, p.pids()[0])
	if e := (*Error)(nil); !errors.As(<-ended, &e) || e.Kind != Lost {
		t.Errorf("%v", e)
	}
	plainly(t, p)
}

func kill(t *testing.T, pid int) {
	t.Helper()
	process, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Kill(); err != nil {
		t.Fatal(err)
	}
}

// What a worker says is not believed.
func TestLiars(t *testing.T) {
	for _, how := range []string{"huge", "garbage", "nothing", "fault", "results", "log"} {
		p := newPool(t, Options{Command: []string{os.Args[0], "liar", how}, Timeout: 500 * time.Millisecond})
		_, err := p.Inline(t.Context(), "", []Expression{{Text: "1"}})
		var e *Error
		if !errors.As(err, &e) || e.Kind != Lost && !(how == "log" && e.Kind == Timeout) {
			t.Errorf("%s: %#v", how, err)
		}
	}
}

// A program that cannot start is not started again and again, and whoever has a
// script hears why it cannot run, at once.
func TestWorkersThatDoNotStart(t *testing.T) {
	for _, command := range [][]string{{"/nowhere/at/all"}, {os.Args[0], "liar", "at the start"}, {os.Args[0], "-test.run=^$"}} {
		p := newPool(t, Options{Command: command})
		start := time.Now()
		for range 200 {
			_, err := step(t, p, AfterAction, "function after_action() {}")
			var e *Error
			if !errors.As(err, &e) || e.Kind != Unavailable || e.Err == nil {
				t.Fatalf("%v: %v", command, err)
			}
		}
		if tries := p.failing.times; tries > 8 || time.Since(start) > patience {
			t.Errorf("%v: started %d times in %v", command, tries, time.Since(start))
		}
	}
}

// A pool in a worker, as in a program that does not know the subcommand, starts
// nothing.
func TestWorkersStartNoWorkers(t *testing.T) {
	t.Setenv(wire.Marker, "1")
	_, err := step(t, newPool(t, Options{}), AfterAction, "function after_action() {}")
	if e := (*Error)(nil); !errors.As(err, &e) || e.Kind != Unavailable || !strings.Contains(e.Err.Error(), "starts none") {
		t.Error(err)
	}
}

// An owner who asks for more than may wait turns nobody else away.
func TestQueueOfOneOwner(t *testing.T) {
	q := queue{places: 4, share: 2, most: 16, own: newPool(t, Options{Waiting: 16}).queue.own, owners: map[string]int{}}
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	all := make(chan error, 10)
	for range cap(all) {
		go func() { all <- q.take(ctx, "a") }()
	}
	// Two have places, two wait, and the rest is sent away.
	for range cap(all) - 2 {
		select {
		case err := <-all:
			if e := (*Error)(nil); err != nil && (!errors.As(err, &e) || e.Kind != Busy) {
				t.Error(err)
			}
		case <-time.After(patience):
			t.Fatal("more than two wait")
		}
	}
	if err := q.take(t.Context(), "b"); err != nil {
		t.Errorf("another owner: %v", err)
	}
	leave()
	for range 2 {
		if err := <-all; !errors.Is(err, context.Canceled) {
			t.Errorf("who waited: %v", err)
		}
	}
}

// Checks of syntax take few workers, however many there are.
func TestChecksLeaveWorkers(t *testing.T) {
	p := newPool(t, Options{Workers: 4})
	if err := p.queue.take(t.Context(), checks); err != nil {
		t.Fatal(err)
	}
	defer p.queue.give(checks)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := p.Check(ctx, "1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second check: %v", err)
	}
	if _, err := step(t, p, AfterAction, "function after_action() {}"); err != nil {
		t.Errorf("a script that runs: %v", err)
	}
}

// Places go to who asked first, but for owners that have their share.
func TestQueue(t *testing.T) {
	q := queue{places: 3, share: 2, most: 3, own: 3, owners: map[string]int{}}
	take := func(owner string) chan error {
		done := make(chan error, 1)
		waiting := func() int { q.mu.Lock(); defer q.mu.Unlock(); return len(q.waiting) + q.taken }
		before := waiting()
		go func() { done <- q.take(t.Context(), owner) }()
		within(t, "to be in the queue", func() bool { return waiting() > before || len(done) > 0 })
		return done
	}
	got := func(c chan error) bool { return len(c) == 1 }
	a1, a2, a3 := take("a"), take("a"), take("a")
	within(t, "two places", func() bool { return got(a1) && got(a2) })
	if got(a3) {
		t.Error("an owner has all places")
	}
	b1, b2, none := take("b"), take("b"), take("")
	within(t, "a place ahead of a", func() bool { return got(b1) })
	if err := <-take("c"); !strings.Contains(err.Error(), "too many") {
		t.Errorf("beyond what may wait: %v", err)
	}
	q.give("b")
	within(t, "the next", func() bool { return got(b2) })
	if got(a3) || got(none) {
		t.Error("more than there is")
	}
	q.give("a")
	within(t, "the first in line", func() bool { return got(a3) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.take(ctx, "d"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	q.give("a")
	within(t, "the one without an owner", func() bool { return got(none) })
	if len(q.waiting) != 0 {
		t.Errorf("%d are left", len(q.waiting))
	}
}

// Many scripts at once are all answered rightly.
func TestMany(t *testing.T) {
	p := newPool(t, Options{Workers: 3, Runs: 20})
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			o, err := p.Run(t.Context(), Job{
				Owner: strconv.Itoa(i % 3), Event: AfterAction, State: map[string]any{"method_response": i},
				Sources: []Source{{Level: Step, Text: "function after_action() { method_response *= 2; console.log(method_response); }"}},
			})
			if err != nil {
				t.Error(err)
				return
			}
			want := strconv.Itoa(2 * i)
			if diff := cmp.Diff([]string{want, want}, append(o.Log, string(o.State["method_response"]))); diff != "" {
				t.Error(diff)
			}
		})
	}
	all.Wait()
}

// Nothing of the server is in a worker: no variables, no files.
func TestWorkerHasNothing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("only Linux shows what a process has")
		return
	}
	t.Setenv("TANDEM_MASTER_KEY", "secret")
	open, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	w, err := startProcess([]string{"/proc/self/exe", Subcommand})
	if err != nil {
		t.Fatal(err)
	}
	defer w.end()
	folder := "/proc/" + strconv.Itoa(w.cmd.Process.Pid)
	environment, err := os.ReadFile(folder + "/environ")
	if err != nil || string(environment) != wire.Marker+"=1\x00TZ=UTC\x00" {
		t.Errorf("environment %q, %v", environment, err)
	}
	files, err := os.ReadDir(folder + "/fd")
	if err != nil {
		t.Fatal(err)
	}
	harmless := regexp.MustCompile(`^(pipe:|anon_inode:|/dev/null$|/sys/fs/cgroup/)`) // the last are Go's, to count processors
	for _, f := range files {
		if to, err := os.Readlink(folder + "/fd/" + f.Name()); err != nil || !harmless.MatchString(to) {
			t.Errorf("file %s is %s, %v", f.Name(), to, err)
		}
	}
	if to, err := os.Readlink(folder + "/cwd"); err != nil || to != "/" {
		t.Errorf("works in %s, %v", to, err)
	}
}

// Once it works, the kernel keeps a worker from opening anything and from growing.
func TestWorkerIsConfined(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("only on Linux")
		return
	}
	p := newPool(t, Options{Workers: 1})
	plainly(t, p)
	folder := "/proc/" + strconv.Itoa(p.pids()[0])
	limits, err := os.ReadFile(folder + "/limits")
	if err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile(folder + "/status")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`Max open files +0 +0 `, `Max data size +268435456 +268435456 `, `Max file size +0 +0 `, `Max core file size +0 +0 `, `NoNewPrivs:\t1\n`} {
		if !regexp.MustCompile(want).Match(append(limits, status...)) {
			t.Errorf("no %s in\n%s\n%s", want, limits, status)
		}
	}
}

// A server that is killed leaves no worker, be it idle or in the middle of a call
// that nothing in it can stop.
func TestNoOrphans(t *testing.T) {
	for _, how := range []string{"idle", "busy"} {
		server := exec.Command(os.Args[0], "parent", how)
		out, err := server.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		defer server.Process.Kill()
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil || !alive(pid) {
			t.Fatalf("worker %q: %v", line, err)
		}
		time.Sleep(50 * time.Millisecond) // so that the busy one is
		if err := server.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		server.Wait()
		within(t, how+": the worker's end", func() bool { return !alive(pid) })
	}
}

// A worker ends by itself when its input does, without any help of the kernel.
func TestWorkerEndsWithItsInput(t *testing.T) {
	for _, busy := range []bool{false, true} {
		worker := exec.Command(os.Args[0], Subcommand)
		in, err := worker.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := worker.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := worker.Start(); err != nil {
			t.Fatal(err)
		}
		defer worker.Process.Kill()
		if m, err := wire.NewReader(out).Read(); err != nil || m.Ready != wire.Version {
			t.Fatalf("%+v, %v", m, err)
		}
		if busy {
			j := endless(0)
			run, err := j.run()
			if err != nil {
				t.Fatal(err)
			}
			run.Limits = wire.Limits{Milliseconds: 60_000, Memory: 256 << 20}
			if err := wire.Write(in, wire.Message{Run: run}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(50 * time.Millisecond)
		}
		in.Close()
		timer := time.AfterFunc(2*time.Second, func() { worker.Process.Kill() })
		worker.Wait()
		if !timer.Stop() {
			t.Errorf("busy %v: the worker did not end", busy)
		}
	}
}
