// Package audit is the log of who changed what.
//
// What is changed is written down by the store itself, in the transaction of the
// change, and hash-chained: docs/audit.md says what that shows, and to whom. This
// package is for the rest. It searches and verifies the log. It takes in what goes
// with no change, above all refused attempts, of which somebody may make
// thousands: what is alike within a minute becomes one entry with a count, and so
// do refusals of too many kinds; what was done always has an entry of its own
// kind. And it puts the end of each chain into the operator's log, which is a copy
// outside of the database to compare with.
package audit

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pace"
)

// Store is where the log is.
type Store interface {
	AppendAudit(ctx context.Context, e tandem.AuditEntry, who tandem.Principal) error
	SearchAudit(ctx context.Context, p tandem.PartnerID, f tandem.AuditFilter) (tandem.Page[tandem.AuditEntry], error)
	EachAudit(ctx context.Context, p tandem.PartnerID, f tandem.AuditFilter, do func(tandem.AuditEntry) error) error
	VerifyAudit(ctx context.Context, p tandem.PartnerID, kept tandem.AuditHead) (tandem.AuditProof, error)
	// AuditHeads are the ends of all logs.
	AuditHeads(ctx context.Context) ([]tandem.AuditHead, error)
}

const (
	window    = time.Minute      // in which what is alike becomes one entry
	beat      = 10 * time.Second // between looks for windows that have ended
	kindsEach = 100              // of refusals of a partner in a window; what more there is becomes one
	headsEach = time.Hour        // between notes of the ends of logs
)

// kind is what entries have in common that are alike.
type kind struct {
	who     tandem.Principal
	action  string
	object  string // of what was done; who is refused may have asked for anything
	outcome string
	reason  string // why somebody was not let in; the reasons of those who are in name what they asked for
	network string
}

func (k kind) refused() bool { return k.outcome == tandem.ActRefused }

// tally is what a window has seen of a kind.
type tally struct {
	entry   tandem.AuditEntry // the first
	since   time.Time
	waiting int  // not written yet
	begun   bool // the first is written
}

// Log implements tandem.Audit.
type Log struct {
	log   *slog.Logger
	store Store
	wake  chan struct{}

	mu      sync.Mutex
	tallies map[kind]*tally
	kinds   map[tandem.PartnerID]int // of refusals of each that tallies has
}

var _ tandem.Audit = (*Log)(nil)

// New makes the log that store keeps.
func New(log *slog.Logger, store Store) *Log {
	return &Log{log: log, store: store, wake: make(chan struct{}, 1), tallies: map[kind]*tally{}, kinds: map[tandem.PartnerID]int{}}
}

// Record implements tandem.Audit. Run writes what it takes in.
func (l *Log) Record(_ context.Context, e tandem.AuditEntry, who tandem.Principal) {
	if who.Partner == 0 {
		return // whose log would it be in
	}
	who.Permissions = tandem.Permissions{} // they are no part of who it is
	k := kind{who: who, action: e.Action, outcome: e.Outcome, network: pace.Network(e.Address)}
	switch {
	case !k.refused():
		k.object = e.Object
	case who.Session == 0 && who.Client == "":
		k.reason = e.Reason
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.tallies[k]
	if t == nil && k.refused() && l.kinds[who.Partner] >= kindsEach {
		k = kind{who: tandem.Principal{Partner: who.Partner}, outcome: e.Outcome}
		e = tandem.AuditEntry{Action: "several", Outcome: e.Outcome, Reason: "More than can be listed, by several people or from several addresses."}
		t = l.tallies[k]
	}
	if t == nil {
		t = &tally{entry: e, since: time.Now()}
		l.tallies[k] = t
		if k.refused() {
			l.kinds[who.Partner]++
		}
	}
	if t.waiting++; t.begun || t.waiting > 1 {
		return // it waits for the window's end
	}
	select {
	case l.wake <- struct{}{}:
	default: // it is awake
	}
}

// pending is an entry to be written.
type pending struct {
	entry tandem.AuditEntry
	who   tandem.Principal
}

// due takes what is to be written at now; with all, also what would wait on.
func (l *Log) due(now time.Time, all bool) (entries []pending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for k, t := range l.tallies {
		ended := all || now.Sub(t.since) >= window
		if t.waiting > 0 && (ended || !t.begun) {
			e := t.entry
			e.Count = t.waiting
			entries = append(entries, pending{e, k.who})
			t.waiting, t.begun = 0, true
		}
		if !ended {
			continue
		}
		delete(l.tallies, k)
		if !k.refused() {
			continue
		}
		if l.kinds[k.who.Partner]--; l.kinds[k.who.Partner] == 0 {
			delete(l.kinds, k.who.Partner)
		}
	}
	return entries
}

// Run writes what Record takes in until ctx is done, and then the rest.
func (l *Log) Run(ctx context.Context) error {
	ticks := time.NewTicker(beat)
	defer ticks.Stop()
	noted := map[tandem.PartnerID]int64{}
	writing := context.WithoutCancel(ctx) // what was taken in is not lost in the end
	for next := time.Now(); ; {
		select {
		case <-ctx.Done():
			l.Flush(writing)
			return nil
		case <-l.wake:
		case <-ticks.C:
		}
		l.write(writing, l.due(time.Now(), false))
		if now := time.Now(); !now.Before(next) {
			next = now.Add(headsEach)
			l.noteHeads(ctx, noted)
		}
	}
}

// Flush writes all that was taken in.
func (l *Log) Flush(ctx context.Context) { l.write(ctx, l.due(time.Now(), true)) }

func (l *Log) write(ctx context.Context, entries []pending) {
	for _, e := range entries {
		if err := l.store.AppendAudit(ctx, e.entry, e.who); err != nil {
			l.log.ErrorContext(ctx, "audit entry was not written", "partner", e.who.Partner, "action", e.entry.Action, "count", e.entry.Count, "error", err)
		}
	}
}

// noteHeads notes the ends of logs that have grown.
func (l *Log) noteHeads(ctx context.Context, noted map[tandem.PartnerID]int64) {
	heads, err := l.store.AuditHeads(ctx)
	if err != nil {
		if ctx.Err() == nil {
			l.log.ErrorContext(ctx, "ends of audit logs were not read", "error", err)
		}
		return
	}
	for _, h := range heads {
		if noted[h.Partner] != h.ID {
			noted[h.Partner] = h.ID
			l.log.InfoContext(ctx, "audit log", "partner", h.Partner, "entry", h.ID, "hash", h.Hash)
		}
	}
}

// Search implements tandem.Audit.
func (l *Log) Search(ctx context.Context, p tandem.PartnerID, f tandem.AuditFilter) (tandem.Page[tandem.AuditEntry], error) {
	return l.store.SearchAudit(ctx, p, f)
}

// Each implements tandem.Audit.
func (l *Log) Each(ctx context.Context, p tandem.PartnerID, f tandem.AuditFilter, do func(tandem.AuditEntry) error) error {
	return l.store.EachAudit(ctx, p, f, do)
}

// Verify implements tandem.Audit.
func (l *Log) Verify(ctx context.Context, p tandem.PartnerID, kept tandem.AuditHead) (tandem.AuditProof, error) {
	return l.store.VerifyAudit(ctx, p, kept)
}
