// Package manual serves the documentation in docs/ as pages of the product.
//
// Every page is rendered once, when the first is asked for: the Markdown is our own and
// trusted, but raw HTML in it is left out all the same. Links between files become links
// between pages; those that lead out of docs/ become plain text, as a reader of the
// product has no files to open. Contents lists pages and headings, for who searches.
package manual

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"sync"
)

// Base is the path under which the manual lives. The API's reference is there, too.
const Base = "/docs/"

//go:embed page.html
var pageTemplate string

//go:embed page.css
var style []byte

// policy allows the manual's own style and pictures, and no script at all.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// Manual answers GET /docs/, /docs/{page}, the pictures, and /docs/contents.json.
type Manual struct {
	log    *slog.Logger
	files  fs.FS
	render func() (*book, error)
}

// book is the manual, rendered.
type book struct {
	pages    map[string][]byte // the first has no name
	contents []byte
}

// New makes a Manual of a folder of Markdown. A start need not wait for its pages.
func New(log *slog.Logger, files fs.FS) *Manual {
	return &Manual{log: log, files: files, render: sync.OnceValues(func() (*book, error) { return newBook(files) })}
}

// first is the file whose links are the order of the navigation.
const first = "README.md"

func newBook(files fs.FS) (*book, error) {
	names, err := fs.Glob(files, "*.md")
	if err != nil {
		return nil, fmt.Errorf("list the manual: %w", err)
	}
	index, err := readPage(files, first)
	if err != nil {
		return nil, err
	}
	made := &book{pages: map[string][]byte{}}
	all := []Page{index.Page}
	t := template.Must(template.New("page").Parse(pageTemplate))
	for _, name := range names {
		p := index
		if name != first {
			if p, err = readPage(files, name); err != nil {
				return nil, err
			}
			all = append(all, p.Page)
		}
		var b bytes.Buffer
		if err := t.Execute(&b, view{p, index.groups}); err != nil {
			return nil, fmt.Errorf("render %s: %w", name, err)
		}
		made.pages[p.Name] = b.Bytes()
	}
	made.contents, err = json.Marshal(all)
	return made, err
}

// view is what the template shows.
type view struct {
	page
	Groups []group
}

// ServeHTTP implements http.Handler.
func (m *Manual) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	made, err := m.render()
	if err != nil {
		m.log.ErrorContext(r.Context(), "render the manual", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, Base)
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-cache")
	switch text, found := made.pages[name]; {
	case found:
		h.Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(text) // the client is gone if this fails
	case name == "contents.json":
		h.Set("Content-Type", "application/json")
		_, _ = w.Write(made.contents)
	case name == "page.css":
		h.Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(style)
	case path.Dir(name) == "images" && path.Ext(name) == ".png":
		http.ServeFileFS(w, r, m.files, name)
	default:
		http.NotFound(w, r)
	}
}
