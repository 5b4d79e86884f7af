package notice_test

import (
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/notice"
	"github.com/tandem-ipaas/tandem/internal/store"
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
	w.body = rand.Text()
	for len(w.body) < 1<<20 { // more than a row holds, however it is packed
		w.body += rand.Text()
	}
	noItem := w.incident(tandem.OutcomeError)
	blobs, err := filepath.Glob(filepath.Join(dir, "*", "*", "*-1"))
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
