package notice_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/notice"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/tenant"
)

// Of an incident whose record or whose step cannot be read, the rest is told, and
// of the others everything.
func TestBrokenIncident(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), "", dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	w := newWorld(t, db)
	long := make([]byte, 1<<20) // more than a row holds, however it is packed
	_, _ = rand.Read(long)      // it never fails
	w.body = hex.EncodeToString(long)
	noItem := w.incident(tandem.OutcomeError)
	blobs, err := filepath.Glob(filepath.Join(dir, "*", "*", "*-1-*"))
	if err != nil || len(blobs) != 1 {
		t.Fatal(blobs, err)
	}
	if err := os.Remove(blobs[0]); err != nil {
		t.Fatal(err)
	}
	w.version, w.body = badVersion, "x"
	noStep := w.incident(tandem.OutcomeError)
	w.version = 2
	whole := w.incident(tandem.OutcomeError)

	type said struct {
		TransactionID string `json:"TransactionId"`
		StepName      string
		Detail        struct{ Status int }
	}
	var got []said
	for _, m := range w.tell(w.sender(notice.Options{}), 0) {
		var s said
		if err := json.Unmarshal(m.body, &s); err != nil {
			t.Fatal(err)
		}
		got = append(got, s)
	}
	found := struct{ Status int }{404}
	want := []said{{noItem.String(), "s of 2", struct{ Status int }{}}, {noStep.String(), "", found}, {whole.String(), "s of 2", found}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// backlog is a store of incidents that counts what is read of it, and tells nobody.
type backlog struct {
	*store.Store
	left  []tandem.AccountIncident
	room  int
	reads int   // of items
	bytes []int // of payloads, by batch
}

func (b *backlog) Untold(context.Context, int) (all []tandem.AccountIncident, from, to int64, err error) {
	if len(b.left) == 0 {
		return nil, 0, 0, nil
	}
	return b.left, int64(b.left[0].ID) - 1, int64(b.left[len(b.left)-1].ID), nil
}

func (b *backlog) NoticeRoom(context.Context, tandem.PartnerID, tandem.AccountID) (int, error) {
	return b.room, nil
}

func (b *backlog) Item(context.Context, tandem.AccountID, tandem.TransactionID, int32) (tandem.StepItem, error) {
	b.reads++
	return tandem.StepItem{Response: &tandem.Exchange{Status: 500, Body: []byte(strings.Repeat("x", 60<<10))}}, nil
}

func (b *backlog) Tell(_ context.Context, _, to int64, all []tandem.Notice) (bool, error) {
	n := 0
	for i := range all {
		n += len(all[i].Payload)
	}
	b.bytes = append(b.bytes, n)
	b.room -= len(all)
	for len(b.left) > 0 && int64(b.left[0].ID) <= to {
		b.left = b.left[1:]
	}
	return true, nil
}

// A batch is short in bytes, and what has no room is not read.
func TestBatchIsBounded(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		b := &backlog{Store: w.db, room: 200}
		for i := range 500 {
			b.left = append(b.left, tandem.AccountIncident{Account: w.account, Incident: tandem.Incident{ID: tandem.IncidentID(i + 1), IncidentLevel: tandem.OutcomeError, Item: 1}})
		}
		steps := func(context.Context, tandem.AccountID, tandem.CycleID, int64) (map[tandem.StepID]notice.Step, error) {
			return nil, nil
		}
		teller := notice.NewTeller(slog.New(slog.DiscardHandler), b, w.db, tenant.NewLimits(w.db, tenant.NewSettings(w.db)), steps)
		if err := teller.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if b.reads != 200 || len(b.left) != 0 || len(b.bytes) != 3 {
			t.Errorf("%d items read, %d incidents left, batches of %d bytes", b.reads, len(b.left), b.bytes)
		}
		for _, n := range b.bytes {
			if n > 4<<20+64<<10 {
				t.Errorf("a batch of %d bytes", n)
			}
		}
	})
}

// The room for notices is what the backlog leaves.
func TestNoticeRoom(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.incident(tandem.OutcomeError)
		if err := w.teller.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		for own, want := range map[tandem.AccountID]int{w.account: tandem.NoticeBacklog - 1, 0: tandem.NoticeBacklog} {
			if got, err := w.db.NoticeRoom(t.Context(), w.partner, own); err != nil || got != want {
				t.Errorf("%d for %d, want %d; %v", got, own, want, err)
			}
		}
	})
}
