package api_test

import (
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
)

// dot is a PNG of one pixel.
const dot = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="

func TestAppearance(t *testing.T) {
	w := newWorld(t, api.Options{})
	type looks struct{ ProductName, AccentColor, Logo string }
	set := func(body string, want looks) {
		t.Helper()
		var got looks
		w.ok(call{method: "PUT", path: "/v1.0/settings/appearance", body: body}, nil)
		if w.ok(call{method: "GET", path: "/v1.0/settings/appearance"}, &got); got != want {
			t.Errorf("%s: %+v", body, got)
		}
	}
	set(`{}`, looks{})
	set(`{"ProductName":" Connect ","AccentColor":"#0B5CAD"}`, looks{"Connect", "#0b5cad", ""})
	set(`{"Logo":"`+dot+`"}`, looks{"Connect", "#0b5cad", dot})
	set(`{"AccentColor":null,"ProductName":""}`, looks{"", "", dot})
	w.fails(call{method: "PUT", path: "/v1.0/settings/appearance", body: `{"AccentColor":"#ffcc00"}`}, 400, "AccentColor: white text on it could not be read (contrast 1.5, want 4.5): choose a darker one")
	w.fails(call{method: "PUT", path: "/v1.0/settings/appearance", body: `{"Logo":"https://x.test/logo.png"}`}, 400, "Logo: want a PNG that begins with data:image/png;base64,")
	set(`{"Logo":null}`, looks{})
}
