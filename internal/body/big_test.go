package body_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
)

const (
	bigSize = 200 << 20
	maxHeap = 16 << 20
)

// endless has one file, of bigSize bytes that are made as they are read, and
// counts what it is given.
type endless struct{ received atomic.Int64 }

func (e *endless) Open(context.Context, string) (io.ReadCloser, body.File, error) {
	file := body.File{FileName: "big.bin", ContentType: "application/octet-stream", Size: bigSize, File: "file:big"}
	return io.NopCloser(io.LimitReader(letters{}, bigSize)), file, nil
}

func (e *endless) Create(_ context.Context, name, contentType string, r io.Reader) (body.File, error) {
	n, err := io.Copy(io.Discard, r)
	e.received.Add(n)
	return body.File{FileName: name, ContentType: contentType, Size: n, File: "file:new"}, err
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a' + byte(i%26)
	}
	return len(p), nil
}

// A file of 200 MB goes up to a server, which reads it and sends it back.
func TestBigFiles(t *testing.T) {
	for _, kind := range []connector.BodyType{connector.SimpleFileBody, connector.FileBody, connector.MultipartRelated} {
		t.Run(string(kind), func(t *testing.T) {
			f := body.Format{Type: kind, Files: locations(t, "doc")}
			up, down := &endless{}, &endless{}
			heap := watchHeap(t)
			echo(t, f, up, down)
			if most := heap(); most > maxHeap {
				t.Errorf("the heap had %d MB", most>>20)
			}
			if up.received.Load() != bigSize || down.received.Load() != bigSize {
				t.Errorf("%d bytes up, %d down", up.received.Load(), down.received.Load())
			}
		})
	}
}

// echo sends a file to a server and decodes what that sends back.
func echo(t *testing.T, f body.Format, up, down *endless) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := answer(w, r, f, up); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}))
	defer server.Close()
	b, err := f.Encode(t.Context(), object{"doc": "file:big"}, down)
	if err != nil {
		t.Fatal(err)
	}
	in, err := b.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, in)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = b.Length
	req.Header.Set("Content-Type", b.ContentType)
	resp, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	src := body.Source{Body: resp.Body, Limit: bigSize + 1<<10, ContentType: resp.Header.Get("Content-Type")}
	doc, err := f.Decode(t.Context(), src, down)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v", resp.Status, err)
	}
	if file := doc.(object)["doc"].(object); file["Size"] == nil {
		t.Errorf("%v", doc)
	}
}

func answer(w http.ResponseWriter, r *http.Request, f body.Format, files *endless) error {
	src := body.Source{Body: r.Body, Limit: bigSize + 1<<10, ContentType: r.Header.Get("Content-Type")}
	if _, err := f.Decode(r.Context(), src, files); err != nil {
		return err
	}
	b, err := f.Encode(r.Context(), object{"doc": "file:big"}, files)
	if err != nil {
		return err
	}
	out, err := b.Open(r.Context())
	if err != nil {
		return err
	}
	defer out.Close()
	w.Header().Set("Content-Type", b.ContentType)
	w.Header().Set("Content-Length", fmt.Sprint(b.Length))
	_, err = io.Copy(w, out)
	return err
}

// watchHeap looks at the heap all the time, until the function that it gives is
// called, which tells the most bytes it had.
func watchHeap(t *testing.T) func() uint64 {
	debug.FreeOSMemory() // what earlier tests left
	stop, done := make(chan struct{}), make(chan uint64)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		var most uint64
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				metrics.Read(sample)
				most = max(most, sample[0].Value.Uint64())
			case <-stop:
				done <- most
				return
			}
		}
	}()
	return func() uint64 {
		close(stop)
		return <-done
	}
}

// A file that cannot be read any more fails the body, and what was opened is
// closed.
func TestSegmentsFail(t *testing.T) {
	files := &failing{}
	f := body.Format{Type: connector.FileBody, Files: locations(t, "a", "b")}
	b, err := f.Encode(t.Context(), object{"a": "file:1", "b": "file:2"}, files)
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(r); !errors.Is(err, errFailing) {
		t.Errorf("read: %v", err)
	}
	if err := r.Close(); err != nil || files.open != 0 {
		t.Errorf("%d are open: %v", files.open, err)
	}
}

var errFailing = errors.New("the disk is gone")

// failing are files that fail in the middle, and count how many are open.
type failing struct{ open int }

func (f *failing) Open(context.Context, string) (io.ReadCloser, body.File, error) {
	f.open++
	r := io.MultiReader(strings.NewReader("a"), broken{})
	return closer{r, func() { f.open-- }}, body.File{FileName: "a", Size: 2}, nil
}

func (*failing) Create(context.Context, string, string, io.Reader) (body.File, error) {
	return body.File{}, errFailing
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errFailing }

type closer struct {
	io.Reader
	close func()
}

func (c closer) Close() error { c.close(); return nil }

// An error while a body is read is that error, not one of its format.
func TestReadError(t *testing.T) {
	for _, kind := range []connector.BodyType{
		connector.JSONBody, connector.XMLBody, connector.FormBody, connector.PlainTextBody, connector.SimpleFileBody, connector.UnknownBody,
		connector.FileBody, connector.MultipartRelated,
	} {
		src := body.Source{Body: io.MultiReader(strings.NewReader("--B\r\n"), broken{}), Limit: 100, ContentType: "multipart/x; boundary=B"}
		_, err := (&body.Format{Type: kind}).Decode(t.Context(), src, &folder{})
		if !errors.Is(err, errFailing) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
