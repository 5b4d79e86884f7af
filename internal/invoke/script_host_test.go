package invoke_test

import (
	"log/slog"
	"net/netip"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// A script asks the server for so much at an event, and then hears why no more.
func TestScriptAsksTooMuch(t *testing.T) {
	p := newParty(t, nil)
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(client.Close)
	pool := script.NewPool(slog.New(slog.DiscardHandler), script.Options{Workers: 1})
	t.Cleanup(func() { pool.Close() })
	caller := invoke.New(client, invoke.Options{Scripts: pool, Storage: shelf{}, ScriptRequests: 2, ScriptStores: 3})
	for says, ask := range map[string]string{
		"may send 2 requests":     `for (let i = 0; i < 3; i++) http_request({ method: "GET", url: "` + p.URL + `" })`,
		"may use storage 3 times": `for (let i = 0; i < 4; i++) cyclr_storage_set("k", i)`,
		"":                        `http_request({ method: "GET", url: "` + p.URL + `" }); http_request({ method: "GET", url: "` + p.URL + `" }); for (let i = 0; i < 3; i++) cyclr_storage_get("k")`,
	} {
		p.requests = nil
		call := with(method(p.URL, connector.Method{}), "", `function before_action() { `+ask+`; return true } function after_action() { cyclr_storage_get("k"); return true }`, "")
		_, err := caller.Call(t.Context(), call)
		if says == "" {
			if err != nil || len(p.requests) != 3 {
				t.Errorf("what it may ask: %v, %d requests", err, len(p.requests))
			}
			continue
		}
		wantError(t, err, invoke.Scripted, says)
		if len(p.requests) > 2 {
			t.Errorf("%d requests were sent", len(p.requests))
		}
	}
}
