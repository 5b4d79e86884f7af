package console

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// page is a built file, whole, with its compressed copies.
type page struct {
	kind     string // Content-Type
	caching  string // Cache-Control
	variants []variant
}

// variant is one encoding of a page; the last of a page's has none.
type variant struct {
	encoding string // as in Accept-Encoding; "" is the plain file
	etag     string
	data     []byte
}

// pages are the built files by path ("index.html", "assets/…").
type pages struct{ byPath map[string]*page }

// encodings are the compressed copies that the build makes, best first.
var encodings = []struct{ suffix, name string }{{".br", "br"}, {".gz", "gzip"}, {"", ""}}

// kinds are the types of files that a build makes. They are not asked of the
// machine, whose table may differ.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json",
}

func readPages(dist fs.FS) (*pages, error) {
	p := &pages{byPath: map[string]*page{}}
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || kinds[path.Ext(name)] == "" {
			return err
		}
		p.byPath[name], err = readPage(dist, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the built console: %w", err)
	}
	return p, nil
}

func readPage(dist fs.FS, name string) (*page, error) {
	p := &page{kind: kinds[path.Ext(name)], caching: "no-cache"}
	if strings.HasPrefix(name, "assets/") { // the name holds a hash of the content
		p.caching = "public, max-age=31536000, immutable"
	}
	for _, e := range encodings {
		data, err := fs.ReadFile(dist, name+e.suffix)
		if errors.Is(err, fs.ErrNotExist) && e.suffix != "" {
			continue
		}
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(data)
		etag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		p.variants = append(p.variants, variant{encoding: e.name, etag: etag, data: data})
	}
	return p, nil
}

// ServeHTTP answers with the file, or with index.html for what the browser's
// router knows; a file that is not there (an asset of a former version) is 404.
func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), strings.TrimSuffix(Base, "/"))
	name = strings.TrimPrefix(name, "/")
	file, found := p.byPath[name]
	if !found && strings.HasPrefix(name, "assets/") {
		http.NotFound(w, r)
		return
	}
	if !found {
		file, found = p.byPath["index.html"]
	}
	if !found {
		notBuilt(w)
		return
	}
	file.serve(w, r)
}

func (p *page) serve(w http.ResponseWriter, r *http.Request) {
	v := p.choose(r.Header.Get("Accept-Encoding"))
	h := w.Header()
	h.Set("Content-Type", p.kind)
	h.Set("Cache-Control", p.caching)
	h.Set("ETag", v.etag)
	h.Set("Vary", "Accept-Encoding")
	if v.encoding != "" {
		h.Set("Content-Encoding", v.encoding)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(v.data))
}

func (p *page) choose(accept string) variant {
	for _, v := range p.variants {
		if v.encoding == "" || accepts(accept, v.encoding) {
			return v
		}
	}
	return p.variants[len(p.variants)-1]
}

// accepts says whether an Accept-Encoding header names the encoding with a
// weight above zero.
func accepts(header, encoding string) bool {
	for item := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(item), ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		q, ok := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(params), " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !ok || err != nil || weight > 0
	}
	return false
}

const notBuiltPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tandem</title>
<h1>The console is not built</h1>
<p>This binary was made without its pages. Run <code>make build</code> and start Tandem again. The API works without them.</p></html>
`

func notBuilt(w http.ResponseWriter) {
	w.Header().Set("Content-Type", kinds[".html"])
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte(notBuiltPage)) // the client is gone if this fails
}
