package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// files expire once no record of their account can tell of them, and go with it.
func files(t *testing.T, s *store.Store) {
	j := &journalTest{s: s}
	never, day := 0, 24
	p := newPartner(t, s, "files@acme.test")
	short := tandem.Account{Partner: p, APIID: "short", Timezone: "UTC", StepDataSuccessRetentionHours: &never, StepDataErroredRetentionHours: &never}
	longer := tandem.Account{Partner: p, APIID: "longer", Timezone: "UTC", StepDataSuccessRetentionHours: &never, StepDataErroredRetentionHours: &day}
	for _, a := range []*tandem.Account{&short, &longer} {
		if err := s.CreateAccount(t.Context(), a, dataKey); err != nil {
			t.Fatal(err)
		}
	}
	// A transaction that began before the file still may use it.
	waiting := j.submit(t, journal.NewTxn{Account: short.ID, Cycle: cycle, Trigger: "hook", Key: "open"})[0]
	begun := time.Now()
	for a, id := range map[tandem.AccountID]string{short.ID: "A", longer.ID: "B"} {
		if err := s.CreateFile(t.Context(), a, &tandem.File{ID: id, Name: "a"}, strings.NewReader("content"), 1<<20); err != nil {
			t.Fatal(err)
		}
	}
	left := func(after time.Duration, want int, names ...string) {
		t.Helper()
		n, err := s.ExpireFiles(t.Context(), begun.Add(after))
		if n != want || err != nil {
			t.Errorf("after %v: %d deleted, %v; want %d", after, n, err, want)
		}
		got := ""
		for a, id := range map[tandem.AccountID]string{short.ID: "A", longer.ID: "B"} {
			r, _, err := s.OpenFile(t.Context(), a, id)
			if err != nil {
				continue
			}
			_ = r.Close()
			if got += id; !strings.Contains(strings.Join(names, ""), id) {
				t.Errorf("after %v: %s is there", after, id)
			}
		}
		if len(got) != len(names) {
			t.Errorf("after %v: left %q, want %q", after, got, names)
		}
	}
	left(time.Minute, 0, "A", "B")
	left(time.Hour, 0, "A", "B")
	j.commit(t, journal.Delta{Account: short.ID, Cycle: cycle, Txn: waiting, Status: tandem.TransactionCompleted})
	left(time.Minute, 0, "A", "B")
	left(time.Hour, 1, "B")
	left(23*time.Hour, 0, "B")
	left(25*time.Hour, 1)
	used := -1
	if err := s.Dialect().Reader().QueryRowContext(t.Context(), `SELECT sum(bytes) FROM file_use`).Scan(&used); err != nil || used != 0 {
		t.Errorf("%d bytes are in use, %v", used, err)
	}
	abandoned(t, s, longer.ID)
}

// abandoned is what a process that ended left unfinished.
func abandoned(t *testing.T, s *store.Store, a tandem.AccountID) {
	t.Helper()
	_, err := s.Dialect().Writer().ExecContext(t.Context(), `INSERT INTO file (account, id, name, content_type, size, created_at) VALUES ($1, 'C', 'c', '', -1, $2)`,
		a, time.Now().UnixMicro())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{time.Hour, 0}, {25 * time.Hour, 1}} { // somebody may be at work, then nobody can be
		if n, err := s.ExpireFiles(t.Context(), time.Now().Add(c.after)); n != c.want || err != nil {
			t.Errorf("unfinished, after %v: %d deleted, %v; want %d", c.after, n, err, c.want)
		}
	}
}
