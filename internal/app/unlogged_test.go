package app

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/bucket"
	"github.com/tandem-ipaas/tandem/internal/bucket/buckettest"
)

// Log Step Requests off: the API shows nothing of what steps send and get, neither while
// they do nor afterwards; nothing of it stays; and it is not run again.
func TestUnloggedCycle(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		storage := buckettest.New(t)
		c := config(t, database)
		c.Blobs = Blobs{URL: storage.Address(""), Key: bucket.Key{ID: buckettest.KeyID, Secret: buckettest.Secret}}
		r := start(t, c)
		f := r.flooded(t, "quiet")
		f.must(f.stopCycle())
		off := tandem.Optional[bool]{Set: true, Value: false}
		_, err := f.books.UpdateCycle(t.Context(), f.cycle, client.CycleChange{LogStepDataRequests: off})
		f.must(err)
		f.activate()

		f.sink.begin(0)
		if status := f.sendLong(); status != http.StatusOK {
			t.Fatalf("the webhook is answered %d", status)
		}
		<-f.sink.held
		if n := len(storage.Names()); n != 1 {
			t.Errorf("%d blobs while it is under way, want 1", n)
		}
		f.showsNothing("Queued")
		f.sink.release()
		eventually(t, "its end", func() bool { return f.pending() == 0 })
		f.must(f.store.ForgetBlobs(t.Context()))
		id := f.showsNothing("Completed")
		if n := len(storage.Names()); n != 0 {
			t.Errorf("%d blobs are left", n)
		}
		var left int
		f.must(f.store.Dialect().Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM step_item WHERE data IS NOT NULL`).Scan(&left))
		if left != 0 {
			t.Errorf("%d items have data left", left)
		}
		err = f.books.Do(t.Context(), http.MethodPost, "/transactions/"+id+"/retry", nil, nil)
		if tandem.ErrorCode(err) != tandem.Conflict || !strings.Contains(err.Error(), "Log Step Requests was off") {
			t.Errorf("retried: %v", err)
		}
	})
}

// sendLong posts a webhook whose body does not fit a row.
func (f *flooded) sendLong() int {
	f.Helper()
	noise := make([]byte, 0, 1<<20)
	for seed := uint32(1); len(noise) < cap(noise); { // which does not pack
		seed = seed*1664525 + 1013904223
		noise = append(noise, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[seed>>26])
	}
	return f.send(`12,"note":"` + string(noise) + `"`)
}

// showsNothing looks at the only transaction as the API shows it, and gives its id.
func (f *flooded) showsNothing(status string) string {
	f.Helper()
	var all []struct{ ID, Status string }
	f.must(f.books.Do(f.Context(), http.MethodGet, "/cycles/transactions", nil, &all))
	if len(all) != 1 || all[0].Status != status {
		f.Fatalf("%+v, want one that is %s", all, status)
	}
	var items []map[string]json.RawMessage
	f.must(f.books.Do(f.Context(), http.MethodGet, "/cycles/"+string(f.cycle)+"/transactions/"+all[0].ID, nil, &items))
	if len(items) == 0 {
		f.Fatal("no step items")
	}
	for _, it := range items {
		if string(it["Request"]) != "null" || string(it["Response"]) != "null" || string(it["NotLogged"]) != "true" {
			f.Errorf("%s: an item is shown as %s, %s, not logged %s", status, it["Request"], it["Response"], it["NotLogged"])
		}
	}
	return all[0].ID
}
