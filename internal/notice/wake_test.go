package notice_test

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/notice"
)

// Receivers are told at once of what is put in on this node, though the database is
// asked seldom.
func TestToldAtOnce(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		told := make(chan bool, 10)
		w.answer = func(http.ResponseWriter, *http.Request) { told <- true }
		addresses := func(context.Context, tandem.Receiver) (string, error) { return w.URL, nil }
		s := notice.NewSender(slog.New(slog.DiscardHandler), w.db, w.db, w.keys, addresses, http.DefaultClient, notice.Options{AtOnce: 1})
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for _, run := range []func(context.Context) error{w.teller.Run, s.Run} {
			wg.Go(func() {
				if err := run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		began := time.Now()
		for range 5 {
			w.incident(tandem.OutcomeError)
			select {
			case <-told:
			case <-time.After(time.Minute):
				t.Fatal("nobody is told")
			}
		}
		if took := time.Since(began); took > 40*time.Second { // without a signal each would wait for two looks
			t.Errorf("they were told after %s", took)
		}
		stop()
		wg.Wait()
	})
}
