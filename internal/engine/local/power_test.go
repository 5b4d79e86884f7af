package local_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/engine/local"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/disktest"
	"github.com/tandem-ipaas/tandem/internal/torture"
)

const (
	powerEvents  = 80 // of a run
	powerSenders = 4
	powerCuts    = 50  // of a run
	toldCuts     = 200 // at most; about every third loses something
	splitEvery   = 5   // events
	splitInto    = 3   // transactions
	longEvery    = 8   // events; these have data that is too long for a row
	fileEvery    = 10
)

// TestPowerCuts cuts the power at random moments of runs, of which what was not
// synced by then is lost in random ways, and has each image run on: nothing that was
// acknowledged is lost, nothing doubled at a receiver that goes by the key, nothing
// stuck, and what had ended is as it was.
func TestPowerCuts(t *testing.T) {
	with := torture.Begin(t)
	for n := range with.Times(20, 1) {
		r := record(t, with.Seed+uint64(n))
		t.Logf("run %d: %s", n, r.disk)
		for cut := range powerCuts {
			at, seed := r.set+with.IntN(r.end-r.set), with.Uint64()
			if cut%10 == 0 { // and some while the database is made
				at = 1 + with.IntN(r.set)
			}
			if loss, err := r.check(t, at, seed); err != nil {
				t.Errorf("run %d, cut after %d of %d operations, seed %d, %s: %v", n, at, r.end, seed, loss, err)
			}
		}
	}
}

// TestPowerCutsTell has SQLite sync less, as it may with synchronous=NORMAL, and then
// has power cuts lose what was acknowledged. It shows that TestPowerCuts would tell.
func TestPowerCutsTell(t *testing.T) {
	with := torture.Begin(t)
	r := record(t, with.Seed, "synchronous = NORMAL")
	t.Log(r.disk)
	for cut := range toldCuts {
		_, err := r.check(t, r.set+with.IntN(r.end-r.set), with.Uint64())
		if errors.Is(err, errLost) {
			what, _, _ := strings.Cut(err.Error(), "\n")
			t.Logf("cut %d: %s", cut, what)
			return
		}
	}
	t.Errorf("%d cuts lost nothing: these are no power cuts", toldCuts)
}

var errLost = errors.New("lost")

// recorded is a run on a disk whose power can be cut, after its end.
type recorded struct {
	disk     *disktest.Disk
	set, end int // places in the disk's journal: after the migrations, and after all
	*outside
	ended map[tandem.TransactionID]ended
}

// ended is a transaction at its end, and since when.
type ended struct {
	at  int
	txn *tandem.Transaction
	all []tandem.StepItem
}

// outside is what they know who send and receive, and at which place of the journal
// they came to know it.
type outside struct {
	now   func() int
	mu    sync.Mutex
	acks  map[string]known // events
	files map[string]known
	calls []call
	done  map[tandem.TransactionID]int
}

type known struct {
	at  int
	txn tandem.TransactionID
}

// call is one that came to the receiver.
type call struct {
	at         int
	event, key string
}

// until is what was known at a place.
func (o *outside) until(at int) *outside {
	was := &outside{now: func() int { return 0 }, acks: map[string]known{}, files: map[string]known{}, done: map[tandem.TransactionID]int{}}
	for e, k := range o.acks {
		if k.at <= at {
			was.acks[e] = k
		}
	}
	for e, k := range o.files {
		if k.at <= at {
			was.files[e] = k
		}
	}
	for _, c := range o.calls {
		if c.at <= at {
			was.calls = append(was.calls, c)
		}
	}
	return was
}

func (o *outside) receive(event string, t journal.Txn) {
	at := o.now()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls = append(o.calls, call{at, event, t.ID.String()})
}

// Spoils implements engine.Runner.
func (*outside) Spoils(context.Context, journal.Txn) ([]journal.Arrival, error) { return nil, nil }

// Slice implements engine.Runner: an event is delivered, and those of some are split,
// and their parts are delivered.
func (o *outside) Slice(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
	event := string(t.Frontier)
	number, part, whole := strings.Cut(event, "/")
	if !whole || part != "split" {
		o.receive(event, t)
	}
	item := tandem.StepItem{Seq: t.NextSeq, Tasks: 1, Response: &tandem.Exchange{Status: 200, Body: body(event)}}
	n, _ := strconv.Atoi(number) // its own
	d := journal.Delta{Items: []tandem.StepItem{item}, Status: tandem.TransactionCompleted}
	switch {
	case !whole && n%splitEvery == 0:
		d.Status, d.Frontier = tandem.TransactionQueued, []byte(event+"/split")
	case part == "split":
		d.Status = tandem.TransactionSplit
		for i := range splitInto {
			d.Children = append(d.Children, journal.NewTxn{Account: 1, Cycle: "c", Frontier: fmt.Appendf(nil, "%s/%d", number, i)})
		}
	}
	if err := l.Commit(ctx, d); err != nil {
		return engine.Yield{}, err
	}
	switch d.Status {
	case tandem.TransactionQueued:
		return engine.Yield{Kind: engine.Ready}, nil
	case tandem.TransactionSplit:
		return engine.Yield{Kind: engine.Children}, nil
	}
	at := o.now()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.done[t.ID] = at
	return engine.Yield{Kind: engine.Done}, nil
}

// body is the data of an event, which does not pack.
func body(event string) []byte {
	number, _, _ := strings.Cut(event, "/")
	n, _ := strconv.Atoi(number)
	size := 3000
	if n%longEvery == 0 {
		size = 300 << 10
	}
	b := make([]byte, size)
	r := rand.NewChaCha8([32]byte([]byte(fmt.Sprintf("%-32s", event))))
	_, _ = r.Read(b) // never fails
	return b
}

// send hands in an event, as its sender does again until it is acknowledged.
func (o *outside) send(ctx context.Context, e engine.Engine, event string) error {
	ids, err := e.Submit(ctx, journal.NewTxn{
		Account: 1, Cycle: "c", Trigger: "hook", Key: event, Frontier: []byte(event),
		Items: []tandem.StepItem{{Seq: 1, Tasks: 1, Response: &tandem.Exchange{Body: body(event)}}},
	})
	if err != nil {
		return err
	}
	at := o.now()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.acks[event] = known{at, ids[0]}
	return nil
}

func (o *outside) file(ctx context.Context, s *store.Store, name string) error {
	if err := s.CreateFile(ctx, 1, &tandem.File{ID: name, Name: name}, bytes.NewReader(body(name)), 1<<30); err != nil {
		return err
	}
	at := o.now()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.files[name] = known{at: at}
	return nil
}

// record runs the events of a run, from an empty folder on.
func record(t *testing.T, seed uint64, pragmas ...string) *recorded {
	t.Helper()
	dir := t.TempDir()
	r := &recorded{disk: disktest.New(t, dir), ended: map[tandem.TransactionID]ended{}}
	r.outside = (&outside{}).until(0)
	r.now = r.disk.Now
	s, err := store.OpenWith(t.Context(), "", dir, store.Options{Disk: r.disk.Files()})
	if err != nil {
		t.Fatal(err)
	}
	// Checkpoints come often, so that many cuts meet one.
	for _, p := range append(pragmas, "wal_autocheckpoint = 60") {
		if _, err := s.Dialect().Writer().ExecContext(t.Context(), "PRAGMA "+p); err != nil {
			t.Fatal(err)
		}
	}
	r.set = r.disk.Now()
	stop := run(t, s, r.outside, func(ctx context.Context, e engine.Engine) error {
		var all sync.WaitGroup
		errs := make([]error, powerSenders)
		for i := range powerSenders {
			random := rand.New(rand.NewPCG(seed, uint64(i)))
			all.Go(func() {
				for n := i; n < powerEvents && errs[i] == nil; n += powerSenders {
					time.Sleep(time.Duration(random.IntN(3000)) * time.Microsecond) // groups are of many sizes
					errs[i] = r.send(ctx, e, strconv.Itoa(n))
					if n%fileEvery == 0 {
						errs[i] = errors.Join(errs[i], r.file(ctx, s, "file"+strconv.Itoa(n)))
					}
				}
			})
		}
		all.Wait()
		return errors.Join(errs...)
	})
	if stop != nil {
		t.Fatal(stop)
	}
	r.end = r.disk.Now()
	for id, at := range r.done {
		e, err := look(t.Context(), s, id)
		if err != nil {
			t.Fatal(err)
		}
		e.at = at
		r.ended[id] = e
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r.disk.Close()
	if len(r.ended) < powerEvents || len(r.files) == 0 || r.disk.Syncs() == 0 {
		t.Fatalf("%d transactions, %d files, %s: that was no run", len(r.ended), len(r.files), r.disk)
	}
	return r
}

// run runs an engine over s while do does something, and until nothing is open.
func run(t *testing.T, s *store.Store, r engine.Runner, do func(ctx context.Context, e engine.Engine) error) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	e, err := local.New(ctx, slog.New(slog.DiscardHandler), s, s, local.Options{})
	if err != nil {
		return err
	}
	slices, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- e.Run(slices, r) }()
	err = do(ctx, e)
	for err == nil {
		pending, e := s.Pending(ctx)
		if e != nil {
			err = fmt.Errorf("stuck: %w", e)
		}
		if len(pending) == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	stop()
	return errors.Join(err, <-ended)
}

// look reads a transaction with everything of it, but digests for the bodies.
func look(ctx context.Context, s *store.Store, id tandem.TransactionID) (e ended, err error) {
	if e.txn, err = s.Transactions().Get(ctx, 1, id); err != nil {
		return e, err
	}
	if e.all, err = s.Transactions().Items(ctx, 1, id); err == nil {
		for i := range e.all {
			e.all[i].Response.Body = digest(e.all[i].Response.Body)
		}
	}
	return e, err
}

// digest stands for what is long, and takes long to compare.
func digest(body []byte) []byte {
	sum := sha256.Sum256(body)
	return sum[:]
}

// check has the power cut at a place, and what is left run on.
func (r *recorded) check(t *testing.T, at int, seed uint64) (loss disktest.Loss, err error) {
	dir, err := os.MkdirTemp(t.TempDir(), "cut-")
	if err != nil {
		return loss, err
	}
	defer os.RemoveAll(dir)
	if loss, err = r.disk.Image(at, seed, dir); err != nil {
		return loss, err
	}
	s, err := store.Open(t.Context(), "", dir)
	if err != nil {
		return loss, fmt.Errorf("open: %w", err)
	}
	defer s.Close()
	knew := r.until(at)
	if err := errors.Join(whole(t.Context(), s), r.there(t.Context(), s, knew, at)); err != nil {
		return loss, err
	}
	err = run(t, s, knew, func(ctx context.Context, e engine.Engine) error {
		for n := range powerEvents {
			event := strconv.Itoa(n)
			if _, acknowledged := knew.acks[event]; !acknowledged {
				if err := knew.send(ctx, e, event); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return loss, err
	}
	return loss, errors.Join(whole(t.Context(), s), r.there(t.Context(), s, knew, at), knew.once())
}

// whole says whether the database is.
func whole(ctx context.Context, s *store.Store) error {
	var ok string
	err := s.Dialect().Writer().QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&ok)
	if err == nil && ok != "ok" {
		err = errors.New(ok)
	}
	return err
}

// there looks for everything that was acknowledged, and that what had ended is as it
// was.
func (r *recorded) there(ctx context.Context, s *store.Store, knew *outside, at int) (err error) {
	for event, k := range knew.acks {
		e, e1 := look(ctx, s, k.txn)
		if e1 != nil || len(e.all) == 0 || !bytes.Equal(e.all[0].Response.Body, digest(body(event))) {
			err = errors.Join(err, fmt.Errorf("%w: event %s, transaction %s with %d items: %w", errLost, event, k.txn, len(e.all), e1))
		}
	}
	for id, was := range r.ended {
		if was.at > at {
			continue
		}
		is, e1 := look(ctx, s, id)
		is.at = was.at
		if e1 != nil {
			err = errors.Join(err, fmt.Errorf("%w: transaction %s, which had ended: %w", errLost, id, e1))
		} else if diff := cmp.Diff(was, is, cmp.AllowUnexported(ended{})); diff != "" {
			err = errors.Join(err, fmt.Errorf("transaction %s, which had ended, has changed (-was +is):\n%s", id, diff))
		}
	}
	for name := range knew.files {
		err = errors.Join(err, readFile(ctx, s, name))
	}
	return err
}

func readFile(ctx context.Context, s *store.Store, name string) error {
	f, _, err := s.OpenFile(ctx, 1, name)
	if err != nil {
		return fmt.Errorf("%w: file %s: %w", errLost, name, err)
	}
	defer f.Close()
	if data, err := io.ReadAll(f); err != nil || !bytes.Equal(data, body(name)) {
		return fmt.Errorf("%w: file %s has %d other bytes, %w", errLost, name, len(data), err)
	}
	return nil
}

// once says whether each event, and each part of one, came under one key.
func (o *outside) once() (err error) {
	keys := map[string]map[string]bool{}
	for _, c := range o.calls {
		if keys[c.event] == nil {
			keys[c.event] = map[string]bool{}
		}
		keys[c.event][c.key] = true
	}
	for n := range powerEvents {
		want := []string{strconv.Itoa(n)}
		for i := 0; n%splitEvery == 0 && i < splitInto; i++ {
			want = append(want, fmt.Sprintf("%d/%d", n, i))
		}
		for _, event := range want {
			if len(keys[event]) != 1 {
				err = errors.Join(err, fmt.Errorf("event %s came under %d keys", event, len(keys[event])))
			}
		}
	}
	return err
}
