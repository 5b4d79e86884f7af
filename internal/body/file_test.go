package body_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
)

func TestSimpleFile(t *testing.T) {
	files := &folder{}
	stored := files.keep(t, "a.pdf", "application/pdf", "%PDF")
	f := body.Format{Type: connector.SimpleFileBody}
	for name, tt := range map[string]struct {
		doc                     any
		content, kind, recorded string
	}{
		"file":      {any(stored.Document()), "%PDF", "application/pdf", "[a.pdf, 4 bytes]"},
		"id":        {any(stored.File), "%PDF", "application/pdf", "[a.pdf, 4 bytes]"},
		"renamed":   {any(object{"File": stored.File, "FileName": "../b.txt", "ContentType": "text/plain", "Size": "999"}), "%PDF", "text/plain", "[b.txt, 4 bytes]"},
		"text":      {any("a,b"), "a,b", "application/octet-stream", "[file, 3 bytes]"},
		"content":   {any(object{"FileName": "a.json", "Content": "{}"}), "{}", "application/json", "[a.json, 2 bytes]"},
		"number":    {any(object{"Content": json.Number("1.50")}), "1.50", "application/octet-stream", "[file, 4 bytes]"},
		"data":      {any(object{"FileName": "a", "ContentType": "image/png\r\nX: y", "Data": base64.StdEncoding.EncodeToString([]byte{0, 255})}), "\x00\xff", "application/octet-stream", "[a, 2 bytes]"},
		"empty one": {any(object{"FileName": "a.txt", "ContentType": "text/plain", "Content": ""}), "", "text/plain", "[a.txt, 0 bytes]"},
	} {
		t.Run(name, func(t *testing.T) {
			b, text := encode(t, f, tt.doc, files)
			if text != tt.content || b.ContentType != tt.kind || string(b.Record) != tt.recorded {
				t.Errorf("%q, %s, %s", text, b.ContentType, b.Record)
			}
		})
	}
	for _, doc := range []any{object{"FileName": "a"}, object{"Data": "%"}, json.Number("1"), "file:other", object{"File": "file:other"}, []any{}} {
		if b, err := f.Encode(t.Context(), doc, files); err == nil {
			t.Errorf("%v: %v", doc, b)
		}
	}
	f.Files = locations(t, "doc.file")
	if _, text := encode(t, f, object{"doc": object{"file": stored.File}}, files); text != "%PDF" {
		t.Error(text)
	}
	got := decode(t, f, "text/csv", "a,b", files)
	same(t, any(object{"doc": object{"file": object{"FileName": "file", "ContentType": "text/csv", "Size": json.Number("3"), "File": "file:2"}}}), got)
}

func TestFileNames(t *testing.T) {
	for disposition, want := range map[string]string{
		`attachment; filename="a b.pdf"`:                               "a b.pdf",
		`attachment; filename=a.pdf`:                                   "a.pdf",
		`attachment; filename="e.pdf"; filename*=UTF-8''%e2%82%ac.pdf`: "€.pdf",
		`attachment; filename*=UTF-8''%e2%82%ac.pdf; filename="e.pdf"`: "€.pdf",
		`attachment; filename="a\"b.pdf"`:                              `a"b.pdf`,
		`attachment; filename=my file.pdf`:                             "my file.pdf",
		`attachment; FileName=my file.pdf; size=3`:                     "my file.pdf",
		"attachment; filename=\"\xe9t\xe9.pdf\"":                       "été.pdf",
		`attachment; filename="été.pdf"`:                               "été.pdf",
		`attachment; filename="../../etc/passwd"`:                      "passwd",
		`attachment; filename="C:\dir\a.pdf"`:                          "a.pdf",
		`attachment; filename=".."`:                                    "fallback.bin",
		`attachment; filename="a/"`:                                    "fallback.bin",
		"attachment; filename*=UTF-8''a%00%0d%0ab%e2%80%aefdp.exe":     "abfdp.exe",
		`attachment; filename="` + strings.Repeat("é", 200) + `.pdf"`:  strings.Repeat("é", 125) + ".pdf",
		`attachment; filename="` + strings.Repeat("a", 300) + `"`:      strings.Repeat("a", 255),
		`attachment; filename="a.` + strings.Repeat("b", 300) + `"`:    "a." + strings.Repeat("b", 253),
		`attachment`: "fallback.bin",
		``:           "fallback.bin",
		`;;;`:        "fallback.bin",
	} {
		src := source("", "x")
		src.Disposition, src.Path = disposition, "/files/fallback.bin"
		got, err := (&body.Format{Type: connector.SimpleFileBody}).Decode(t.Context(), src, &folder{})
		if err != nil {
			t.Fatal(err)
		}
		if name := got.(object)["FileName"]; name != want {
			t.Errorf("%s: %q, want %q", disposition, name, want)
		}
	}
	for path, want := range map[string]string{"": "file", "/": "file", "/a/b.txt": "b.txt", "/..": "file"} {
		src := source("", "x")
		src.Path = path
		got, err := (&body.Format{Type: connector.SimpleFileBody}).Decode(t.Context(), src, &folder{})
		if err != nil || got.(object)["FileName"] != want {
			t.Errorf("%s: %v, %v", path, got, err)
		}
	}
}

func FuzzFileName(f *testing.F) {
	f.Add(`attachment; filename="a b.pdf"`, "/x")
	f.Add(`attachment; filename*=UTF-8''%e2%82%ac`, "..")
	f.Fuzz(func(t *testing.T, disposition, path string) {
		src := source("", "x")
		src.Disposition, src.Path = disposition, path
		got, err := (&body.Format{Type: connector.SimpleFileBody}).Decode(t.Context(), src, &folder{})
		if err != nil {
			t.Fatal(err)
		}
		name := got.(object)["FileName"].(string)
		if name == "" || name == "." || name == ".." || len(name) > 255 || strings.ContainsAny(name, "/\\\x00\r\n") || name != strings.ToValidUTF8(name, "") {
			t.Errorf("%q", name)
		}
	})
}

func TestMultipartWrite(t *testing.T) {
	files := &folder{}
	stored := files.keep(t, `a"b.pdf`, "application/pdf", "%PDF")
	f := body.Format{Type: connector.FileBody, Files: locations(t, "doc", "[more]", "o.[list].f", "absent", "empty")}
	doc := object{
		"doc": stored.Document(), "title\r\n\"": "x", "empty": nil,
		"more": []any{object{"FileName": "c.txt", "ContentType": "text/plain", "Content": "cc"}, nil},
		"o":    object{"list": []any{object{"n": json.Number("1")}, object{"f": stored.File}}},
		"not":  object{"File": stored.File}, // the definition has no file there
	}
	before := cmp.Diff(nil, doc)
	b, text := encode(t, f, doc, files)
	same(t, before, cmp.Diff(nil, doc)) // as it was
	mark := b.ContentType[strings.Index(b.ContentType, "=")+1:]
	part := func(disposition string, lines ...string) string {
		return "--B\r\nContent-Disposition: form-data; " + disposition + "\r\n" + strings.Join(lines, "\r\n") + "\r\n"
	}
	want := part(`name="not[File]"`, "", stored.File) +
		part(`name="o[list][0][n]"`, "", "1") +
		part(`name="title%0D%0A%22"`, "", "x") +
		part(`name="doc"; filename="a%22b.pdf"`, "Content-Type: application/pdf", "", "%PDF") +
		part(`name="more[]"; filename="c.txt"`, "Content-Type: text/plain", "", "cc") +
		part(`name="o[list][1][f]"; filename="a%22b.pdf"`, "Content-Type: application/pdf", "", "%PDF") +
		"--B--\r\n"
	same(t, want, strings.ReplaceAll(text, mark, "B"))
	record := strings.NewReplacer("\r\n%PDF", "\r\n["+`a"b.pdf, 4 bytes]`, "\r\ncc", "\r\n[c.txt, 2 bytes]").Replace(want)
	same(t, record, strings.ReplaceAll(string(b.Record), mark, "B"))
	if !strings.HasPrefix(b.ContentType, "multipart/form-data; boundary=") || len(mark) < 20 {
		t.Error(b.ContentType)
	}
	if _, err := f.Encode(t.Context(), object{"doc": "file:99"}, files); err == nil || !strings.Contains(err.Error(), "the file doc: there is no file") {
		t.Error(err)
	}
	if _, err := f.Encode(t.Context(), []any{}, files); err == nil {
		t.Error("a list was taken")
	}
}

func TestMultipartRead(t *testing.T) {
	const in = "--B\r\nContent-Disposition: form-data; name=\"a[b]\"\r\nContent-Type: text/plain; charset=ISO-8859-1\r\n\r\n\xe9\r\n" +
		"--B\r\nContent-Disposition: form-data; name=\"doc\"; filename=\"x.bin\"\r\n\r\n%PDF\r\n" +
		"--B\r\nContent-Disposition: form-data; name=\"doc\"; filename=\"y.b64\"\r\nContent-Type: text/x\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBE\r\nRg==\r\n" +
		"--B\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n" +
		"--B\r\nContent-Disposition: form-data; name=\"doc[File]\"\r\n\r\nfile:forged\r\n" +
		"--B\r\nContent-Disposition: form-data; name=\"one\"; filename=\"z\"\r\n\r\nz\r\n" +
		"--B--\r\n"
	files := &folder{}
	f := body.Format{Type: connector.FileBody, Lists: locations(t, "[one]")}
	got := decode(t, f, "multipart/form-data; boundary=B", in, files)
	file := func(id, name, kind, size string) object {
		return object{"File": "file:" + id, "FileName": name, "ContentType": kind, "Size": json.Number(size)}
	}
	same(t, any(object{
		"a": object{"b": "é"}, "none": "", "doc[File]": "file:forged", "one": []any{file("3", "z", "application/octet-stream", "1")},
		"doc": []any{file("1", "x.bin", "application/octet-stream", "4"), file("2", "y.b64", "text/x", "4")},
	}), got)
	same(t, "%PDF", string(files.files["file:2"].content))
}

func TestMultipartRefuses(t *testing.T) {
	f := body.Format{Type: connector.FileBody}
	part := "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n"
	refuse(t, f, "application/json", "{}", "not in parts")
	refuse(t, f, "multipart/form-data", "--B", "not in parts")
	refuse(t, f, "multipart/form-data; boundary=B", part, "EOF")
	refuse(t, f, "multipart/form-data; boundary=B", part+"--B\r\n\r\nx\r\n--B--", "no name")
	refuse(t, f, "multipart/form-data; boundary=B", strings.Repeat(part, 100_000)+"--B--\r\n", "more than 1000")
	refuse(t, f, "multipart/form-data; boundary=B", "--B\r\n"+strings.Repeat("X: y\r\n", 100_000)+"\r\n\r\n--B--\r\n", "the parts")
}

func TestRelatedWrite(t *testing.T) {
	files := &folder{}
	stored := files.keep(t, "a.pdf", "application/pdf", "%PDF")
	f := body.Format{Type: connector.MultipartRelated, Files: locations(t, "media", "[more]", "[pages].scan")}
	doc := object{"name": "A", "media": stored.File, "more": []any{stored.File}, "empty": []any{}, "pages": []any{object{"n": json.Number("1"), "scan": stored.File}}}
	b, text := encode(t, f, doc, files)
	mark, kind, _ := strings.Cut(strings.TrimPrefix(b.ContentType, "multipart/related; boundary="), ";")
	same(t, ` type="application/json"`, kind)
	file := "--B\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\n\r\n%PDF\r\n"
	want := "--B\r\nContent-Type: application/json\r\n\r\n" + `{"empty":[],"name":"A","pages":[{"n":1}]}` + "\r\n" + file + file + file + "--B--\r\n"
	same(t, want, strings.ReplaceAll(text, mark, "B"))
	same(t, strings.ReplaceAll(want, "%PDF", "[a.pdf, 4 bytes]"), strings.ReplaceAll(string(b.Record), mark, "B"))

	back := body.Format{Type: connector.MultipartRelated, Files: locations(t, "media", "[rest]")}
	got := decode(t, back, b.ContentType, text, files).(object)
	if got["name"] != "A" || got["media"].(object)["FileName"] != "a.pdf" || len(got["rest"].([]any)) != 2 {
		t.Error(got)
	}
	got = decode(t, body.Format{Type: connector.MultipartRelated}, b.ContentType, text, files).(object)
	if len(got["#files"].([]any)) != 3 {
		t.Error(got)
	}

	f.XMLRoot, f.Files = "entry", locations(t, "media")
	b, text = encode(t, f, object{"title": "A", "media": stored.File}, files)
	if !strings.Contains(text, "application/xml; charset=utf-8\r\n\r\n"+declaration+"<entry><title>A</title></entry>\r\n") || !strings.HasSuffix(b.ContentType, `type="application/xml"`) {
		t.Errorf("%s\n%s", b.ContentType, text)
	}
	got = decode(t, back, b.ContentType, text, files).(object)
	same(t, any(object{"title": "A"}), got["entry"])
}

func TestRelatedRefuses(t *testing.T) {
	f := body.Format{Type: connector.MultipartRelated}
	refuse(t, f, "multipart/related; boundary=B", "--B\r\n\r\nnot JSON\r\n--B--\r\n", "is not JSON")
	refuse(t, f, "multipart/related; boundary=B", "--B\r\n\r\n[1]\r\n--B\r\n\r\nx\r\n--B--\r\n", "no object")
	refuse(t, f, "multipart/related; boundary=B", "--B\r\n\r\n{}\r\n"+strings.Repeat("--B\r\n\r\nx\r\n", 1000)+"--B--\r\n", "more than 1000")
}

func FuzzMultipart(f *testing.F) {
	f.Add("--B\r\nContent-Disposition: form-data; name=\"a\"; filename=b\r\n\r\nx\r\n--B--\r\n", false)
	f.Add("--B\r\nContent-Type: application/xml\r\n\r\n<a/>\r\n--B\r\n\r\nx\r\n--B--\r\n", true)
	f.Fuzz(func(t *testing.T, in string, related bool) {
		format := body.Format{Type: connector.FileBody, Lists: locations(t, "[a]")}
		if related {
			format = body.Format{Type: connector.MultipartRelated, Files: locations(t, "a.b", "[c]")}
		}
		files := &folder{}
		doc, err := format.Decode(t.Context(), source("multipart/x; boundary=B", in), files)
		if err != nil || doc == nil {
			return
		}
		if _, err := json.Marshal(doc); err != nil {
			t.Fatal(err)
		}
		format.Encode(t.Context(), doc, files)
	})
}

func FuzzUnknown(f *testing.F) {
	f.Add("application/json", `{"a":[1,"\ud800"]}`)
	f.Add("text/plain; charset=utf-16", "\xff\xfea\x00")
	f.Add("text/xml; charset=shift_jis", "<a>\x83\x65</a>")
	f.Fuzz(func(t *testing.T, contentType, in string) {
		doc, err := (&body.Format{Type: connector.UnknownBody}).Decode(t.Context(), source(contentType, in), &folder{})
		if err != nil {
			return
		}
		text, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		if s := string(text); s != strings.ToValidUTF8(s, "") {
			t.Errorf("not UTF-8: %q", s)
		}
	})
}
