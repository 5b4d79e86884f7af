package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

// What is admitted comes with its items where these are few; where they are not, the
// runner is to ask for them.
func TestAdmittedComesWithItems(t *testing.T) {
	s, err := Open(t.Context(), pgtest.URL(t), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	items := func(n int, body []byte) (all []tandem.StepItem) {
		for i := range n {
			all = append(all, tandem.StepItem{Seq: int32(i + 1), Prev: int32(i), StepID: "s", Started: time.UnixMilli(1), Finished: time.UnixMilli(2), Response: &tandem.Exchange{Body: body}})
		}
		return all
	}
	made := []journal.NewTxn{{Items: items(2, []byte("a"))}, {}, {Items: items(fewItems+1, []byte("c"))}}
	for i := range made {
		made[i].Account, made[i].Cycle, made[i].ID = 1, "c", tandem.TransactionID(i+1)
	}
	ids, err := s.Submit(t.Context(), made)
	if err != nil {
		t.Fatal(err)
	}
	found, err := s.Admitted(t.Context(), 1, ids)
	if err != nil || len(found) != len(made) {
		t.Fatalf("Admitted = %d transactions, %v", len(found), err)
	}
	got := map[tandem.TransactionID][]tandem.StepItem{}
	for _, a := range found {
		got[a.ID] = a.Items
	}
	want, err := s.Items(t.Context(), 1, 1)
	if err != nil || len(want) != 2 {
		t.Fatalf("Items = %v, %v", want, err)
	}
	if diff := cmp.Diff(map[tandem.TransactionID][]tandem.StepItem{1: want, 2: nil, 3: nil}, got); diff != "" {
		t.Errorf("items that came (-want +got):\n%s", diff)
	}
}
