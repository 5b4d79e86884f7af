package invoke_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// store keeps files; of a long one only its length and beginning.
type store struct {
	sizes map[string]int64
	texts map[string]string
	zeros int64 // bytes of the file file:zeros
}

func (s *store) Create(_ context.Context, name, kind string, r io.Reader) (body.File, error) {
	var head bytes.Buffer
	if _, err := io.CopyN(&head, r, 1000); err != nil && !errors.Is(err, io.EOF) {
		return body.File{}, err
	}
	rest, err := io.Copy(io.Discard, r)
	size := int64(head.Len()) + rest
	s.sizes[name], s.texts[name] = size, head.String()
	return body.File{FileName: name, ContentType: kind, Size: size, File: "file:" + name}, err
}

func (s *store) Open(_ context.Context, id string) (io.ReadCloser, body.File, error) {
	if id == "file:zeros" {
		return io.NopCloser(io.LimitReader(zeros{}, s.zeros)), body.File{FileName: "zeros", Size: s.zeros, File: id}, nil
	}
	return nil, body.File{}, errors.New("there is no such file")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// filing is a Caller with a place for files.
func filing(t *testing.T) (*invoke.Caller, *store) {
	t.Helper()
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(client.Close)
	s := &store{sizes: map[string]int64{}, texts: map[string]string{}}
	return invoke.New(client, invoke.Options{Files: func(o invoke.Origin) body.Files {
		if o.Account != 7 {
			t.Errorf("files of account %d", o.Account)
		}
		return s
	}}), s
}

// Files go through without ever being whole in memory.
func TestFilesStream(t *testing.T) {
	const size = 256 << 20
	var got int64
	p := newParty(t, nil)
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/zip")
		w.Header().Set("Content-Disposition", `attachment; filename="../all.zip"`)
		_, _ = io.CopyN(w, zeros{}, size)
	})
	caller, files := filing(t)
	files.zeros = size
	call := method(p.URL, connector.Method{})
	call.Method.RequestDataType, call.Method.ResponseDataType = connector.SimpleFileBody, connector.SimpleFileBody
	call.Body, call.Origin.Account = "file:zeros", 7
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	result, err := caller.Call(t.Context(), call)
	runtime.ReadMemStats(&after)
	if err != nil || got != size || files.sizes["all.zip"] != size {
		t.Fatalf("sent %d, kept %v, %v", got, files.sizes, err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("used %d bytes", used)
	}
	want := fmt.Sprintf(`{"ContentType":"application/zip","File":"file:all.zip","FileName":"all.zip","Size":%d}`, int64(size))
	if string(result.Response.Body) != want || string(result.Request.Body) != fmt.Sprintf("[zeros, %d bytes]", int64(size)) {
		t.Errorf("recorded %s, %s", result.Request.Body, result.Response.Body)
	}
}

func TestFileTooLarge(t *testing.T) {
	p := newParty(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", 100)) })
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(client.Close)
	caller := invoke.New(client, invoke.Options{FileSize: 50, Files: func(invoke.Origin) body.Files { return &store{map[string]int64{}, map[string]string{}, 0} }})
	call := method(p.URL, connector.Method{})
	call.Method.ResponseDataType = connector.SimpleFileBody
	_, err := caller.Call(t.Context(), call)
	wantError(t, err, invoke.Format, "longer than 50 bytes")
	_, err = newCaller(t).Call(t.Context(), call)
	wantError(t, err, invoke.Format, "no place for files")
}

func TestMultipart(t *testing.T) {
	p := newParty(t, nil)
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, h, err := r.FormFile("upload")
		if err != nil {
			t.Error(err)
			return
		}
		text, _ := io.ReadAll(f)
		fmt.Fprintf(w, `{"name":%q,"text":%q,"note":%q}`, h.Filename, text, r.FormValue("note"))
	})
	caller, _ := filing(t)
	call := method(p.URL, connector.Method{RequestFields: []connector.Field{{ConnectorField: "note"}, {ConnectorField: "upload", DataType: connector.File}}})
	call.Method.RequestDataType = connector.FileBody
	call.Body, call.Origin.Account = object{"note": "n", "upload": object{"FileName": "a.txt", "Content": "up"}}, 7
	result, err := caller.Call(t.Context(), call)
	if err != nil || string(result.Response.Body) != `{"name":"a.txt","text":"up","note":"n"}` {
		t.Errorf("%s, %v", result.Response.Body, err)
	}
	if recorded := string(result.Request.Body); !strings.Contains(recorded, "[a.txt, 2 bytes]") || strings.Contains(recorded, "up\r\n") {
		t.Errorf("recorded %s", recorded)
	}
	call.Body = object{"note": "n", "upload": "file:lost"}
	_, err = caller.Call(t.Context(), call)
	wantError(t, err, invoke.Build, "there is no such file")
}

func TestSOAP(t *testing.T) {
	const ns = "http://schemas.xmlsoap.org/soap/envelope/"
	envelope := func(inner string) string {
		return `<s:Envelope xmlns:s="` + ns + `"><s:Body>` + inner + `</s:Body></s:Envelope>`
	}
	fault := envelope(`<s:Fault><faultcode>s:Client</faultcode><faultstring>no such order</faultstring></s:Fault>`)
	for _, tt := range []struct {
		version, action, kind string
		status                int
		answer, want, err     string
		failed                invoke.Kind
	}{
		{"1.1", `"GetOrder"`, "text/xml", 200, envelope(`<GetOrderResponse><Id>7</Id></GetOrderResponse>`), `{"Id":["7"]}`, "", ""},
		{"1.2", ``, "application/soap+xml", 200, envelope(`<R><Id>7</Id></R>`), `{"Id":["7"]}`, "", ""},
		{"1.1", `"GetOrder"`, "text/xml", 200, fault, "", "no such order", invoke.Permanent},
		{"1.1", `"GetOrder"`, "text/xml", 500, fault, "", "no such order", invoke.Transient},
		{"1.1", `"GetOrder"`, "text/xml", 200, "<html>", "", "XML", invoke.Format},
	} {
		p := newParty(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", tt.kind)
			w.WriteHeader(tt.status)
			io.WriteString(w, tt.answer)
		})
		call := method(p.URL, connector.Method{
			RequestXMLRoot: "GetOrder", SOAPVersion: tt.version, SOAPAction: "GetOrder",
			RequestFields: []connector.Field{{ConnectorField: "Id"}}, ResponseFields: []connector.Field{{ConnectorField: "[Id]"}},
		})
		call.Method.RequestDataType, call.Method.ResponseDataType = connector.XMLBody, connector.XMLBody
		call.Body = object{"Id": 7}
		result, err := newCaller(t).Call(t.Context(), call)
		got := p.last(t)
		if got.Header.Get("Soapaction") != tt.action || !strings.HasPrefix(got.Header.Get("Content-Type"), tt.kind) || !strings.Contains(got.Body, "<GetOrder><Id>7</Id></GetOrder>") {
			t.Errorf("sent %s with %v", got.Body, got.Header)
		}
		if tt.err != "" {
			wantError(t, err, tt.failed, tt.err)
			continue
		}
		if err != nil || string(result.Response.Body) != tt.want {
			t.Errorf("%s, %v", result.Response.Body, err)
		}
	}
}

// What is read only is never sent.
func TestReadOnlyField(t *testing.T) {
	p := newParty(t, nil)
	call := method(p.URL, connector.Method{RequestFields: []connector.Field{{ConnectorField: "id", ReadOnly: true}, {ConnectorField: "name"}}})
	call.Body = object{"id": "1", "name": "Ink"}
	if _, err := newCaller(t).Call(t.Context(), call); err != nil || p.last(t).Body != `{"name":"Ink"}` {
		t.Errorf("sent %s, %v", p.last(t).Body, err)
	}
}

func TestBuiltIn(t *testing.T) {
	var got invoke.Operation
	caller := invoke.New(egress.New(egress.Options{}), invoke.Options{BuiltIns: map[string]invoke.BuiltIn{
		"echo": func(_ context.Context, o invoke.Operation) (any, error) {
			got = o
			return object{"key": o.Key, "of": o.Request}, nil
		},
		"fail": func(context.Context, invoke.Operation) (any, error) {
			return nil, errors.New("the server k3y-value is down")
		},
	}})
	call := method("", connector.Method{BuiltIn: "echo", Parameters: []connector.Parameter{{Name: "Folder", TargetType: connector.MergeField, Default: "/in"}}})
	call.Connector.Parameters = []connector.Parameter{{Name: "Host", TargetType: connector.MergeField}}
	call.Method.Endpoint, call.Method.HTTPMethod = "", ""
	call.Properties, call.Body, call.IdempotencyKey = values{"Host": "h"}, object{"a": "b"}, "key"
	call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey}, Value: "k3y-value"}
	result, err := caller.Call(t.Context(), call)
	if err != nil || got.Key != "k3y-value" || got.Parameters["Folder"] != "/in" || got.Properties["Host"] != "h" || got.IdempotencyKey != "key" {
		t.Errorf("%+v, %v", got, err)
	}
	if string(result.Response.Body) != `{"key":"***","of":{"a":"b"}}` {
		t.Errorf("answered %s", result.Response.Body)
	}
	for name, want := range map[string]string{"fail": "the server *** is down", "lost": `there is no operation "lost"`} {
		m := *call.Method
		m.BuiltIn = name
		call.Method = &m
		_, err := caller.Call(t.Context(), call)
		var e *invoke.Error
		if !errors.As(err, &e) || !strings.Contains(e.Detail, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
