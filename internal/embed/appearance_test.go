package embed_test

import (
	"html"
	"net/http"
	"strings"
	"testing"
)

// dot is a PNG of one pixel.
const dot = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="

// Pages look as the partner wants them to, before somebody is signed in and after.
func TestAppearance(t *testing.T) {
	w := newWorld(t, appConfig)
	b := w.browser()
	if page := b.ok(b.open("/account/signin")); strings.Contains(page.text, "brand") || !strings.Contains(page.text, `href="/account/style.css"`) {
		t.Error(page.text)
	}
	w.call(http.MethodPut, "/settings/appearance", object{"ProductName": "Connect <b>", "AccentColor": "#0b5cad", "Logo": dot}, nil)
	look := func(page answer) {
		t.Helper()
		for _, want := range []string{"· Connect &lt;b&gt;</title>", "<span>Connect &lt;b&gt;</span>", `href="/account/style.css?accent=0b5cad"`, `<img src="` + dot} {
			if !strings.Contains(html.UnescapeString(page.text), html.UnescapeString(want)) {
				t.Errorf("no %s in %s", want, page.text)
			}
		}
	}
	look(b.ok(b.open("/account/signin")))
	w.call(http.MethodPost, "/accounts", object{"Id": "books", "Name": "books"}, nil)
	look(b.ok(b.open(w.deploy("orbit", "books", nil).OrbitURL)))
	style := func(query, want string, there bool) {
		t.Helper()
		a := b.ok(b.open("/account/style.css" + query))
		if strings.Contains(a.text, want) != there || !strings.Contains(a.text, ".btn-success") {
			t.Errorf("%s: %s", query, a.text)
		}
	}
	style("?accent=0b5cad", "light-dark(#0b5cad, color-mix(in srgb, #0b5cad 45%, white))", true)
	style("?accent=ffcc00", "ffcc00", false)
	style("?accent=000;}body{display:none", "none}", false)
	style("", "color-mix", false)
}
