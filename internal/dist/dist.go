package dist

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

// file is a built file, whole, with its compressed copies.
type file struct {
	kind     string // Content-Type
	caching  string // Cache-Control
	variants []variant
}

// variant is one encoding of a file; the last of a file's has none.
type variant struct {
	encoding string // as in Accept-Encoding; "" is the plain file
	etag     string
	data     []byte
}

// Files are the built files by path ("index.html", "assets/…").
type Files struct{ byPath map[string]*file }

// encodings are the compressed copies that the build makes, best first.
var encodings = []struct{ suffix, name string }{{".br", "br"}, {".gz", "gzip"}, {"", ""}}

// kinds are the types of files that a build makes. They are not asked of the
// machine, whose table may differ.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json",
}

// Read reads all files of a build.
//
// Errors: what reading dist returns.
func Read(dist fs.FS) (*Files, error) {
	f := &Files{byPath: map[string]*file{}}
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || kinds[path.Ext(name)] == "" {
			return err
		}
		f.byPath[name], err = read(dist, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the built pages: %w", err)
	}
	return f, nil
}

func read(dist fs.FS, name string) (*file, error) {
	f := &file{kind: kinds[path.Ext(name)], caching: "no-cache"}
	if strings.HasPrefix(name, "assets/") { // the name holds a hash of the content
		f.caching = "public, max-age=31536000, immutable"
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
		f.variants = append(f.variants, variant{encoding: e.name, etag: etag, data: data})
	}
	return f, nil
}

// Handler serves the files under base, which ends in a slash. What names none is
// page, for the browser's router, and so are other pages; a file that is not there
// (an asset of a former version) is 404.
func (f *Files) Handler(base, page string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(strings.TrimPrefix(path.Clean(r.URL.Path), strings.TrimSuffix(base, "/")), "/")
		found := f.byPath[name]
		if found == nil && strings.HasPrefix(name, "assets/") {
			http.NotFound(w, r)
			return
		}
		if found == nil || path.Ext(name) == ".html" {
			found = f.byPath[page]
		}
		if found == nil {
			notBuilt(w)
			return
		}
		found.serve(w, r)
	})
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	v := f.choose(r.Header.Get("Accept-Encoding"))
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.caching)
	h.Set("ETag", v.etag)
	h.Set("Vary", "Accept-Encoding")
	if v.encoding != "" {
		h.Set("Content-Encoding", v.encoding)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(v.data))
}

func (f *file) choose(accept string) variant {
	for _, v := range f.variants {
		if v.encoding == "" || accepts(accept, v.encoding) {
			return v
		}
	}
	return f.variants[len(f.variants)-1]
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
<h1>The pages are not built</h1>
<p>This binary was made without them. Run <code>make build</code> and start Tandem again. The API works without them.</p></html>
`

func notBuilt(w http.ResponseWriter) {
	w.Header().Set("Content-Type", kinds[".html"])
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte(notBuiltPage)) // the client is gone if this fails
}
