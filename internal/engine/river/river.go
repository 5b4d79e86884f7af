package river

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/outage"
)

// Journal is where transactions are durable.
type Journal interface {
	Submit(ctx context.Context, n []journal.NewTxn) ([]tandem.TransactionID, error)
	Commit(ctx context.Context, d journal.Delta) (journal.Outcome, error)
	// Admitted reads those transactions of an account that may begin by their
	// admission, if nobody has had them since.
	Admitted(ctx context.Context, a tandem.AccountID, ids []tandem.TransactionID) ([]journal.Txn, error)
	// Claim takes the ownership of a transaction whose epoch is in
	// [first, end). Errors: ErrFenced.
	Claim(ctx context.Context, a tandem.AccountID, id tandem.TransactionID, first, end int64) (journal.Txn, error)
	// Release gives it up; the transaction is to go on at wake.
	Release(ctx context.Context, t journal.Txn, wake time.Time) error
	NewNode(ctx context.Context) (int64, error)
	// Next is the transaction of an account that may go on where in each cycle
	// one runs after the other; 0: none.
	Next(ctx context.Context, a tandem.AccountID) (tandem.TransactionID, error)
}

// Cycles is where the signals to cycles are durable.
type Cycles interface {
	Hold(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error
	Resume(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error
	Cancel(ctx context.Context, a tandem.AccountID, c tandem.CycleID) ([]tandem.TransactionID, error)
	// ExpireHold does the same to a cycle that is held for too long, only.
	ExpireHold(ctx context.Context, a tandem.AccountID, c tandem.CycleID) ([]tandem.TransactionID, error)
	Held(ctx context.Context, a tandem.AccountID, c tandem.CycleID) (bool, error)
	// CancelDeleted cancels what came into cycles that were deleted at after or later,
	// and returns the transactions of others that can go on.
	CancelDeleted(ctx context.Context, after time.Time) ([]tandem.TransactionID, error)
	// Unmatch ends the waiting for requests. It returns those that waited for
	// nothing else.
	Unmatch(ctx context.Context, a tandem.AccountID, c tandem.CycleID) ([]tandem.TransactionID, error)
	// Drop cancels transactions, with what they were split into. It returns
	// these, and those that can go on now.
	Drop(ctx context.Context, a tandem.AccountID, ids []tandem.TransactionID) (dropped []journal.Txn, woken []tandem.TransactionID, err error)
}

// Database is PostgreSQL itself.
type Database interface {
	Pool() *pgxpool.Pool
	// Ready lists the accounts that have something to admit.
	Ready(ctx context.Context) ([]tandem.AccountID, error)
	// Idle lists those of some accounts of which nothing is admitted.
	Idle(ctx context.Context, of []tandem.AccountID) ([]tandem.AccountID, error)
	// Admit makes jobs of transactions, which own them: of each account at most as
	// many as its window.
	Admit(ctx context.Context, of []journal.Window, insert func(context.Context, pgx.Tx, []journal.Txn) error) (n int, more bool, err error)
	WakeDue(ctx context.Context, now time.Time) error
	// Alone runs do while no other node does.
	Alone(ctx context.Context, lock int64, do func(context.Context) error) error
}

// Workers and Window are those of an engine that is not told how many.
const (
	Workers = 500
	Window  = 64
)

// Options bound an engine. Zero values mean the defaults.
type Options struct {
	Workers int           // slices at once on this node; Workers
	Window  int           // slices of an account that are jobs at once, on all nodes, and have not run for long; Window
	Timeout time.Duration // of a slice; 75 s
	Rescue  time.Duration // after which a job that still runs is taken for lost; Timeout and 15 s
	Lost    time.Duration // after which a node without a connection to the database is taken for dead; 3 s
	Poll    time.Duration // between looks for what is due; 1 s
	Grace   time.Duration // for slices to end by themselves at the end; 10 s
	Retry   time.Duration // before a slice that failed is tried again, doubled each time; 1 s
	Limit   engine.Limit  // that makes an account's window smaller; nil: none
	Idle    bool          // makes jobs, which other nodes run
}

func (o Options) withDefaults() Options {
	o.Workers = cmp.Or(o.Workers, Workers)
	o.Window = cmp.Or(o.Window, Window)
	o.Timeout = cmp.Or(o.Timeout, 75*time.Second)
	o.Rescue = cmp.Or(o.Rescue, o.Timeout+15*time.Second)
	o.Lost = cmp.Or(o.Lost, 3*time.Second)
	o.Poll = cmp.Or(o.Poll, time.Second)
	o.Grace = cmp.Or(o.Grace, 10*time.Second)
	o.Retry = cmp.Or(o.Retry, time.Second)
	return o
}

// queue is River's queue for slices, and kind its name for them.
const (
	queue = "slices"
	kind  = "slice"
)

// River tells of new jobs at most once in fetchCooldown, and so a node makes some no
// more often than each insertPause: it is told of all. It looks for others each
// fetchPoll: those that are to run again, and what it was told while its connection was
// lost.
const (
	fetchCooldown = 10 * time.Millisecond
	insertPause   = fetchCooldown + 2*time.Millisecond
	fetchPoll     = time.Second
)

// migrationLock keeps two nodes from making River's tables at once.
const migrationLock = 0x74616e64656d0002

// Engine runs transactions together with other nodes.
type Engine struct {
	log     *slog.Logger
	journal Journal
	cycles  Cycles
	db      Database
	o       Options
	ids     *engine.IDs
	door    *engine.Entrance
	client  *river.Client[pgx.Tx]
	worker  *worker
	name    string // of this node
	here    *presence
	kick    chan struct{} // there may be something to admit
	long    long          // what does not count in windows

	mu     sync.Mutex
	slices map[*slice]journal.Txn // that run here, and what they began with
	jobs   map[int64]int          // that are at work here
	strays strays
}

var _ engine.Engine = (*Engine)(nil)

// New makes an engine over a database that other nodes may use too, and brings
// River's tables up to date.
func New(ctx context.Context, log *slog.Logger, j Journal, c Cycles, db Database, o Options) (*Engine, error) {
	e := &Engine{log: log, journal: j, cycles: c, db: db, o: o.withDefaults(), door: engine.NewEntrance(), kick: make(chan struct{}, 1), slices: map[*slice]journal.Txn{}, jobs: map[int64]int{}}
	e.worker = &worker{e: e}
	if err := e.start(ctx); err != nil {
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	return e, nil
}

func (e *Engine) start(ctx context.Context) error {
	driver := riverpgxv5.New(e.db.Pool())
	if err := e.db.Alone(ctx, migrationLock, e.migrate); err != nil {
		return fmt.Errorf("make River's tables: %w", err)
	}
	node, err := e.journal.NewNode(ctx)
	if err != nil {
		return err
	}
	// Each start is another node, so ids are new even if the clock was set back.
	e.ids = engine.NewIDs(node, 0)
	e.name, e.here = nodeName(node), newPresence(e.db.Pool(), node)
	workers := river.NewWorkers()
	river.AddWorker(workers, e.worker)
	e.client, err = river.NewClient(driver, &river.Config{
		ID:                          e.name,
		Logger:                      e.log,
		Queues:                      map[string]river.QueueConfig{queue: {MaxWorkers: e.o.Workers}},
		Workers:                     workers,
		JobTimeout:                  e.o.Timeout,
		RescueStuckJobsAfter:        e.o.Rescue,
		MaxAttempts:                 1000, // poison is found by the epochs, not by River
		RetryPolicy:                 atOnce{},
		FetchCooldown:               fetchCooldown,
		FetchPollInterval:           min(e.o.Poll, fetchPoll),
		CompletedJobRetentionPeriod: time.Minute,
		CancelledJobRetentionPeriod: time.Minute,
	})
	return err
}

// migrate brings River's tables up to date.
func (e *Engine) migrate(ctx context.Context) error {
	m, err := rivermigrate.New(riverpgxv5.New(e.db.Pool()), &rivermigrate.Config{Logger: e.log})
	if err == nil {
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	if err == nil {
		_, err = e.db.Pool().Exec(ctx, dropIndexes)
	}
	return err
}

// dropIndexes drops those by which people look for jobs in a user interface of River's.
// They are the dearest to write, and nobody here reads by them.
const dropIndexes = `DROP INDEX IF EXISTS river_job_args_index, river_job_metadata_index, river_job_kind`

// Submit implements engine.Engine.
func (e *Engine) Submit(ctx context.Context, n ...journal.NewTxn) (ids []tandem.TransactionID, err error) {
	if len(n) == 0 {
		return nil, nil
	}
	err = e.door.Let(ctx, n[0].Account, func() error {
		for i := range n {
			e.ids.Identify(&n[i])
		}
		ids, err = e.journal.Submit(ctx, n)
		return err
	})
	if err == nil {
		e.admitSoon()
	}
	return ids, err
}

// Crowded implements engine.Engine.
func (e *Engine) Crowded(a tandem.AccountID) bool { return e.door.Crowded(a) }

func (e *Engine) admitSoon() {
	select {
	case e.kick <- struct{}{}:
	default:
	}
}

// Run implements engine.Engine. It may be called once.
func (e *Engine) Run(ctx context.Context, r engine.Runner) error {
	e.worker.runner = r
	defer func() { _ = e.here.leave(context.WithoutCancel(ctx)) }() // nobody waits for it
	if !e.begun(ctx) {
		return nil // it was told to end before
	}
	e.admitUntil(ctx)
	if e.o.Idle {
		return nil
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.o.Grace)
	defer cancel()
	err := e.client.Stop(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = e.client.StopAndCancel(context.WithoutCancel(ctx))
	}
	if err != nil {
		return fmt.Errorf("stop River: %w", err)
	}
	return nil
}

// begun begins, once the database is there: other parts of the node serve already. It
// is false if ctx ends before.
func (e *Engine) begun(ctx context.Context) bool {
	unable := outage.New(e.log, "begin to run transactions")
	for ctx.Err() == nil {
		err := e.here.keep(ctx)
		if err == nil && !e.o.Idle {
			err = e.client.Start(context.WithoutCancel(ctx))
		}
		if err == nil {
			unable.Works()
			return true
		}
		if ctx.Err() == nil {
			unable.Failed(err)
			pause(ctx, e.o.Poll)
		}
	}
	return false
}

// admitUntil admits, wakes and rescues until ctx is done.
func (e *Engine) admitUntil(ctx context.Context) {
	tick := time.NewTicker(e.o.Poll)
	defer tick.Stop()
	unable := outage.New(e.log, "admit transactions")
	for {
		due := false
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			due = true
		case <-e.kick:
		}
		err := e.round(ctx, due)
		switch {
		case err == nil:
			unable.Works()
		case ctx.Err() == nil:
			unable.Failed(err)
			pause(ctx, e.o.Poll) // what ends meanwhile would have it tried, and fail, at once
		}
	}
}

// roundTime bounds what waits for a database that says nothing, on a connection that
// is left then.
const roundTime = 30 * time.Second

// round admits what can go on, and before that looks for what is due.
func (e *Engine) round(ctx context.Context, due bool) (err error) {
	ctx, cancel := context.WithTimeout(ctx, roundTime)
	defer cancel()
	if due {
		was := e.here.conn
		var ready bool
		ready, err = e.chores(ctx)
		if err != nil || e.here.conn != was {
			e.doubt()
		}
		if !ready {
			return err
		}
	}
	return errors.Join(err, e.admit(ctx))
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// admit makes jobs of what can go on.
func (e *Engine) admit(ctx context.Context) error {
	for more := true; more; {
		ready, err := e.db.Ready(ctx)
		if err != nil {
			return err
		}
		windows, err := e.windows(ctx, ready)
		if err != nil {
			return err
		}
		var n int
		if n, more, err = e.db.Admit(ctx, windows, e.insert); err != nil {
			return err
		}
		if n > 0 {
			pause(ctx, insertPause)
		}
	}
	return nil
}

func (e *Engine) insert(ctx context.Context, tx pgx.Tx, admitted []journal.Txn) error {
	_, err := e.client.InsertManyFastTx(ctx, tx, jobsOf(admitted, max(1, min(jobSlices, e.o.Workers/32))))
	return err
}

// jobsOf are the jobs for transactions, so many in each at most.
func jobsOf(admitted []journal.Txn, most int) (jobs []river.InsertManyParams) {
	open := map[journal.Cycle]*jobArgs{}
	var all []*jobArgs
	for _, t := range admitted {
		c := journal.Cycle{Account: t.Account, ID: t.Cycle}
		if open[c] == nil || len(open[c].Txns) == most {
			open[c] = &jobArgs{Account: t.Account, Cycle: t.Cycle}
			all = append(all, open[c])
		}
		open[c].Txns = append(open[c].Txns, owned{int64(t.ID), t.Epoch})
	}
	for _, a := range all {
		jobs = append(jobs, river.InsertManyParams{Args: *a, InsertOpts: &river.InsertOpts{Queue: queue}})
	}
	return jobs
}

// rescue makes jobs available again whose node has died, or does not come back
// to them. River looks at the time alone, and only every half minute.
func (e *Engine) rescue(ctx context.Context, dead []string) error {
	_, err := e.db.Pool().Exec(ctx, `UPDATE river_job SET state = 'available', scheduled_at = now()
		WHERE kind = $1 AND state = 'running' AND (attempted_at < now() - $2 * interval '1 microsecond' OR attempted_by[cardinality(attempted_by)] = ANY($3))`,
		kind, e.o.Rescue.Microseconds(), dead)
	if err != nil {
		return fmt.Errorf("rescue jobs: %w", err)
	}
	return nil
}
