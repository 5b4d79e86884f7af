package body_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
)

type object = map[string]any

// folder keeps files in memory, for tests.
type folder struct {
	mu    sync.Mutex
	files map[string]kept
}

type kept struct {
	body.File
	content []byte
}

func (f *folder) Create(_ context.Context, name, contentType string, r io.Reader) (body.File, error) {
	content, err := io.ReadAll(r)
	if err != nil {
		return body.File{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.files == nil {
		f.files = map[string]kept{}
	}
	id := fmt.Sprintf("file:%d", len(f.files)+1)
	file := body.File{FileName: name, ContentType: contentType, Size: int64(len(content)), File: id}
	f.files[id] = kept{file, content}
	return file, nil
}

func (f *folder) Open(_ context.Context, id string) (io.ReadCloser, body.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k, ok := f.files[id]
	if !ok {
		return nil, body.File{}, fmt.Errorf("there is no file %s", id)
	}
	return io.NopCloser(bytes.NewReader(k.content)), k.File, nil
}

// keep puts a file into f.
func (f *folder) keep(t testing.TB, name, contentType, content string) body.File {
	file, err := f.Create(t.Context(), name, contentType, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func locations(t interface{ Fatal(...any) }, texts ...string) []connector.Location {
	var all []connector.Location
	for _, s := range texts {
		l, err := connector.ParseLocation(s)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

// parse reads a document from JSON.
func parse(t testing.TB, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return doc
}

// encode encodes a document, and checks that the body is as long as it says.
func encode(t testing.TB, f body.Format, doc any, files body.Files) (body.Body, string) {
	t.Helper()
	b, err := f.Encode(t.Context(), doc, files)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	for range 2 { // again, for a retry
		r, err := b.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil || int64(len(data)) != b.Length || text != "" && text != string(data) {
			t.Fatalf("%d bytes of %d: %v\n%s", len(data), b.Length, err, data)
		}
		text = string(data)
	}
	return b, text
}

func source(contentType, text string) body.Source {
	return body.Source{Body: strings.NewReader(text), Limit: 64 << 20, ContentType: contentType}
}

func decode(t testing.TB, f body.Format, contentType, text string, files body.Files) any {
	t.Helper()
	doc, err := f.Decode(t.Context(), source(contentType, text), files)
	if err != nil {
		t.Fatalf("%v\n%.200s", err, text)
	}
	return doc
}

// refuse checks that a body is refused, with a message that has want.
func refuse(t testing.TB, f body.Format, contentType, text, want string) {
	t.Helper()
	doc, err := f.Decode(t.Context(), source(contentType, text), &folder{})
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%.80q: got %.80v, %v; want an error with %q", text, doc, err, want)
	}
}

func same(t testing.TB, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJSON(t *testing.T) {
	f := body.Format{Type: connector.JSONBody}
	doc := object{"n": json.Number("1.10"), "big": json.Number("12345678901234567890"), "t": "<&>", "none": nil, "l": []any{true}}
	b, text := encode(t, f, doc, nil)
	if want := `{"big":12345678901234567890,"l":[true],"n":1.10,"none":null,"t":"<&>"}`; text != want || string(b.Record) != want || b.ContentType != "application/json" {
		t.Errorf("%s (%s), want %s", text, b.ContentType, want)
	}
	same(t, doc, decode(t, f, "", "\ufeff"+text+"\n", nil))
	same(t, object{"a": "\ufffd\ufffd", "b": json.Number("2")}, decode(t, f, "", `{"a":"\ud800\ud800","b":1,"b":2}`, nil))
	same(t, object{"ü": "é"}, decode(t, f, "", "\xff\xfe{\x00\"\x00\xfc\x00\"\x00:\x00\"\x00\xe9\x00\"\x00}\x00", nil))
	same(t, nil, decode(t, f, "", " \n", nil))
	refuse(t, f, "", `{"a":`, "is not JSON")
	refuse(t, f, "", `{} {}`, "more after its JSON")
	refuse(t, f, "", strings.Repeat("[", 20_000), "is not JSON")
}

func TestNothing(t *testing.T) {
	for _, kind := range []connector.BodyType{
		connector.NoBody, connector.UnknownBody, connector.JSONBody, connector.XMLBody, connector.FormBody,
		connector.FileBody, connector.PlainTextBody, connector.SimpleFileBody, connector.MultipartRelated,
	} {
		f := body.Format{Type: kind}
		b, err := f.Encode(t.Context(), nil, nil)
		if err != nil || b.Open != nil || b.Length != 0 {
			t.Errorf("%s: %v, %v", kind, b, err)
		}
		if kind == connector.SimpleFileBody {
			continue // which may be empty
		}
		same(t, nil, decode(t, f, "", "", nil))
	}
	b, err := (&body.Format{Type: connector.UnknownBody}).Encode(t.Context(), object{"a": "b"}, nil)
	if err != nil || b.Open != nil {
		t.Errorf("Unknown: %v, %v", b, err)
	}
}

func TestUnknown(t *testing.T) {
	f := body.Format{Type: connector.UnknownBody}
	same(t, object{"a": "b"}, decode(t, f, "application/hal+json; charset=utf-8", `{"a":"b"}`, nil))
	same(t, object{"a": "b"}, decode(t, f, "application/atom+xml", `<a>b</a>`, nil))
	same(t, object{"a": "b"}, decode(t, f, "application/x-www-form-urlencoded", `a=b`, nil))
	same(t, "a,b", decode(t, f, "text/csv", "a,b", nil))
	for _, contentType := range []string{"application/pdf", "", "image/svg+xml", ";;"} {
		got := decode(t, f, contentType, "%PDF", &folder{}).(object)
		if got["File"] != "file:1" || got["Size"] != json.Number("4") || got["FileName"] != "file" {
			t.Errorf("%s: %v", contentType, got)
		}
	}
	one := "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--\r\n"
	same(t, object{"a": "b"}, decode(t, f, "multipart/form-data; boundary=x", one, nil))
	two := "--x\r\nContent-Type: application/json\r\n\r\n{\"a\":\"b\"}\r\n--x--\r\n"
	same(t, object{"a": "b"}, decode(t, f, "multipart/mixed; boundary=x", two, nil))
}

func TestPlainText(t *testing.T) {
	f := body.Format{Type: connector.PlainTextBody}
	if b, text := encode(t, f, "é", nil); text != "é" || b.ContentType != "text/plain; charset=utf-8" {
		t.Errorf("%q %s", text, b.ContentType)
	}
	same(t, "é", decode(t, f, "text/plain; charset=ISO-8859-1", "\xe9", nil))
	same(t, "é", decode(t, f, "text/plain; charset=ISO-8859-1", "\ufeffé", nil))
	same(t, "é\ufffd", decode(t, f, "", "é\xff", nil))
	refuse(t, f, "text/plain; charset=klingon", "a", `charset "klingon" is not known`)

	f.Text = locations(t, "note.text")[0]
	if _, text := encode(t, f, object{"note": object{"text": json.Number("1.50")}}, nil); text != "1.50" {
		t.Error(text)
	}
	same(t, object{"note": object{"text": "a"}}, decode(t, f, "", "a", nil))
	if _, err := f.Encode(t.Context(), object{"note": object{"text": []any{}}}, nil); err == nil || !strings.Contains(err.Error(), "is a list") {
		t.Error(err)
	}
}

func TestLimit(t *testing.T) {
	for kind, b := range map[connector.BodyType][2]string{
		connector.JSONBody:         {"", `"` + strings.Repeat("a", 98) + `"`},
		connector.XMLBody:          {"", "<a>" + strings.Repeat("a", 93) + "</a>"},
		connector.FormBody:         {"", "a=" + strings.Repeat("a", 98)},
		connector.PlainTextBody:    {"", strings.Repeat("a", 100)},
		connector.SimpleFileBody:   {"", strings.Repeat("a", 100)},
		connector.FileBody:         {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + strings.Repeat("a", 42) + "\r\n--x--"},
		connector.MultipartRelated: {"multipart/related; boundary=x", "--x\r\nContent-Type: application/json\r\n\r\n{}\r\n--x\r\n\r\n" + strings.Repeat("a", 41) + "\r\n--x--"},
	} {
		f, files := body.Format{Type: kind}, &folder{}
		src := source(b[0], b[1])
		src.Limit = int64(len(b[1]))
		if _, err := f.Decode(t.Context(), src, files); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		src = source(b[0], b[1])
		src.Limit = int64(len(b[1])) - 1
		if doc, err := f.Decode(t.Context(), src, files); err == nil || !strings.Contains(err.Error(), "too large") {
			t.Errorf("%s, a byte too long: %v, %v", kind, doc, err)
		}
	}
}
