package manual_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tandem-ipaas/tandem/docs"
	"github.com/tandem-ipaas/tandem/internal/manual"
)

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func TestPages(t *testing.T) {
	m := manual.New(slog.New(slog.DiscardHandler), fstest.MapFS{
		"README.md": {Data: []byte("# All\n\n## Group\n\n- [Pears](pears.md): fruit\n")},
		"pears.md": {Data: []byte("# Pears\n\nSee [all](README.md), [ripe](#when-ripe), [code](../main.go) and <b>raw</b>.\n\n" +
			"![tree](images/tree.png)\n\n## When *ripe*\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n")},
		"images/tree.png": {Data: []byte("PNG")},
		"secret.txt":      {Data: []byte("secret")},
	})
	_, page := get(t, m, "/docs/pears")
	for _, want := range []string{
		`<a href="/docs/">all</a>`, `<a href="#when-ripe">ripe</a>`, `, code and`, `<h2 id="when-ripe">`, `<td>1</td>`, `src="images/tree.png"`,
		`<a href="/docs/pears" aria-current="page">Pears</a>`, `<title>Pears</title>`, `<li><a href="#when-ripe">When ripe</a></li>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s:\n%s", want, page)
		}
	}
	if strings.Contains(page, "<b>") {
		t.Error("raw HTML came through")
	}
	_, contents := get(t, m, "/docs/contents.json")
	var pages []manual.Page
	if err := json.Unmarshal([]byte(contents), &pages); err != nil || len(pages) != 2 || pages[1].Headings[0] != (manual.Heading{Anchor: "when-ripe", Title: "When ripe"}) {
		t.Errorf("contents %s: %v", contents, err)
	}
	for path, status := range map[string]int{
		"/docs/": 200, "/docs/images/tree.png": 200, "/docs/page.css": 200,
		"/docs/apples": 404, "/docs/secret.txt": 404, "/docs/README.md": 404, "/docs/images/../secret.txt": 404, "/docs/images/": 404,
	} {
		if got, _ := get(t, m, path); got != status {
			t.Errorf("%s: status %d, want %d", path, got, status)
		}
	}
}

var anchor = regexp.MustCompile(`(?:href|src)="(/docs/)?([^"#:/]*(?:images/[^"#]*)?)(?:#([^"]*))?"`)

// TestLinks follows every link between the pages that there are, to its heading.
func TestLinks(t *testing.T) {
	m := manual.New(slog.New(slog.DiscardHandler), docs.Files)
	_, contents := get(t, m, "/docs/contents.json")
	var pages []manual.Page
	if err := json.Unmarshal([]byte(contents), &pages); err != nil {
		t.Fatal(err)
	}
	_, index := get(t, m, "/docs/")
	followed := 0
	for _, p := range pages {
		if p.Title == "" {
			t.Errorf("%q has no title", p.Name)
		}
		if !strings.Contains(index, `<li><a href="/docs/`+p.Name+`"`) && p.Name != "" {
			t.Errorf("docs/README.md does not lead to %s", p.Name)
		}
		_, text := get(t, m, "/docs/"+p.Name)
		for _, l := range anchor.FindAllStringSubmatch(text, -1) {
			to, heading := l[2], l[3]
			if l[1] == "" && to == "" {
				to = p.Name
			}
			if to == "index" { // the API's
				continue
			}
			status, there := get(t, m, "/docs/"+to)
			if status != http.StatusOK || heading != "" && !strings.Contains(there, `id="`+heading+`"`) {
				t.Errorf("%s links to %s, where there is nothing", p.Name, l[0])
			}
			followed++
		}
	}
	if followed < 100 {
		t.Errorf("only %d links were found", followed)
	}
}

func TestBrokenFiles(t *testing.T) {
	m := manual.New(slog.New(slog.DiscardHandler), fstest.MapFS{})
	if got, text := get(t, m, "/docs/"); got != http.StatusInternalServerError || strings.Contains(text, "README") {
		t.Errorf("without a first page: %d %s", got, text)
	}
}
