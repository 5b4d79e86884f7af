package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
)

// Everybody may have so many streams open, and a partner so many in all. A stream that
// is closed gives its place back.
func TestStreamsAreLimited(t *testing.T) {
	people := map[string]tandem.Principal{}
	w := newWorld(t, api.Options{Poll: 5 * time.Millisecond, ClientStreams: 2, PartnerStreams: 3, Session: func(r *http.Request) (tandem.Principal, error) {
		return people[r.Header.Get("X-Person")], nil
	}})
	w.account("books", "")
	bolt := w.other()
	people["Ann"] = tandem.Principal{Partner: w.partner.PartnerID, ConsoleUser: 1, Permissions: tandem.Permissions{tandem.AreaAccounts: tandem.ViewLevel}}
	people["Bob"] = tandem.Principal{Partner: w.partner.PartnerID, ConsoleUser: 2}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	// open gives what closes a stream, unless it is refused.
	open := func(path string, header map[string]string) (func(), *http.Response) {
		t.Helper()
		of, end := context.WithCancel(ctx)
		req, err := http.NewRequestWithContext(of, http.MethodGet, w.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range header {
			req.Header.Set(k, v)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { end(); _ = res.Body.Close() })
		return end, res
	}
	token := map[string]string{"Authorization": "Bearer " + w.token, "X-Cyclr-Account": "books"}
	ann, bob := map[string]string{"X-Person": "Ann"}, map[string]string{"X-Person": "Bob"}
	const changes, transactions = "/v1.0/changes/live", "/v1.0/cycles/transactions/live"
	is := func(who, path string, header map[string]string, want int) (end func()) {
		t.Helper()
		end, res := open(path, header)
		if res.StatusCode != want || (res.Header.Get("Retry-After") == "15") != (want == http.StatusTooManyRequests) {
			t.Fatalf("%s: %d, Retry-After %q", who, res.StatusCode, res.Header.Get("Retry-After"))
		}
		return end
	}
	// free is is for what is refused until a stream that was closed has ended.
	free := func(who, path string, header map[string]string) (end func()) {
		t.Helper()
		for ctx.Err() == nil {
			end, res := open(path, header)
			if res.StatusCode == http.StatusOK {
				return end
			}
			end()
		}
		t.Fatalf("%s: a stream was closed, and its place is not free", who)
		return nil
	}

	first := is("a token", changes, token, http.StatusOK)
	is("a token, another stream", transactions, token, http.StatusOK)
	is("a token, one more", transactions, token, http.StatusTooManyRequests)
	w.fails(call{method: "GET", path: changes}, 429, "Too many live streams: this client or person may have 2 open. Close one, or ask now and then instead.")
	w.ok(call{method: "GET", path: "/v1.0/accounts"}, nil) // all else goes on
	anns := is("Ann", changes, ann, http.StatusOK)
	is("Bob, of the same partner", changes, bob, http.StatusTooManyRequests)
	is("another partner", changes, map[string]string{"Authorization": "Bearer " + bolt}, http.StatusOK)
	anns()
	bobs := free("Bob", changes, bob)
	first()
	free("a token", changes, token)
	bobs()
	free("Ann", changes, ann)
	is("Bob again", changes, bob, http.StatusTooManyRequests)
}
