package demand_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// shelf of files, in memory.
type cabinet map[string][]byte

func (c cabinet) Create(_ context.Context, name, kind string, r io.Reader) (body.File, error) {
	text, err := io.ReadAll(r)
	c["file:"+name] = text
	return body.File{FileName: name, ContentType: kind, Size: int64(len(text)), File: "file:" + name}, err
}

func (c cabinet) Open(_ context.Context, id string) (io.ReadCloser, body.File, error) {
	text, ok := c[id]
	if !ok {
		return nil, body.File{}, errors.New("no such file")
	}
	return io.NopCloser(bytes.NewReader(text)), body.File{FileName: strings.TrimPrefix(id, "file:"), Size: int64(len(text)), File: id}, nil
}

// A method is called the same way whatever its bodies are, and what it answers is
// JSON.
func TestCallEveryBodyType(t *testing.T) {
	field := func(id int64, at string) connector.Field { return connector.Field{ID: id, ConnectorField: at} }
	for _, tt := range []struct {
		name     string
		method   connector.Method
		fields   map[int64]any
		kind     string // of the answer
		answer   string
		sent     string
		document string
	}{
		{
			"Xml", connector.Method{
				RequestDataType: connector.XMLBody, RequestXMLRoot: "Order", ResponseDataType: connector.XMLBody,
				RequestFields: []connector.Field{field(1, "Name"), field(2, "Line.[Item]")}, ResponseFields: []connector.Field{field(3, "Answer.[Id]")},
			},
			map[int64]any{1: "Ink", 2: []any{"a", "b"}},
			"application/xml", `<Answer><Id>7</Id></Answer>`,
			`<Order><Name>Ink</Name><Line><Item>a</Item><Item>b</Item></Line></Order>`, `{"Answer":{"Id":["7"]}}`,
		},
		{
			"Form", connector.Method{
				RequestDataType: connector.FormBody, ResponseDataType: connector.FormBody,
				RequestFields: []connector.Field{field(1, "name")},
			},
			map[int64]any{1: "Ink & Co"}, "application/x-www-form-urlencoded", `id=7&ok=yes`, `name=Ink+%26+Co`, `{"id":"7","ok":"yes"}`,
		},
		{
			"PlainText", connector.Method{
				RequestDataType: connector.PlainTextBody, ResponseDataType: connector.PlainTextBody,
				RequestFields: []connector.Field{field(1, "Text")}, ResponseFields: []connector.Field{field(2, "Text")},
			},
			map[int64]any{1: "Ink"}, "text/plain", `done`, `Ink`, `{"Text":"done"}`,
		},
		{
			"Unknown", connector.Method{ResponseDataType: connector.UnknownBody}, nil,
			"application/xml", `<Id>7</Id>`, ``, `{"Id":"7"}`,
		},
		{
			"SimpleFile", connector.Method{
				RequestDataType: connector.SimpleFileBody, ResponseDataType: connector.SimpleFileBody,
				RequestFields: []connector.Field{{ID: 1, ConnectorField: "Upload", DataType: connector.File}},
			},
			map[int64]any{1: map[string]any{"FileName": "a.txt", "Content": "up"}},
			"application/pdf", `%PDF`, `up`, `{"ContentType":"application/pdf","File":"file:goods","FileName":"goods","Size":4}`,
		},
		{"none", connector.Method{}, nil, "text/html", `<b>`, ``, `<b>`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			var sent string
			party := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				sent = string(b)
				rw.Header().Set("Content-Type", tt.kind)
				io.WriteString(rw, tt.answer)
			}))
			defer party.Close()
			w.url = party.URL
			tt.method.ID, tt.method.Name, tt.method.MethodType, tt.method.HTTPMethod, tt.method.Endpoint = 50, "Do", connector.Action, "POST", "{{BaseUrl}}/goods"
			w.connector.Methods = append(w.connector.Methods, tt.method)
			w.options.Files = func(invoke.Origin) body.Files { return cabinet{} }
			in := tandem.MethodInput{Fields: tt.fields}
			got, err := w.Call(t.Context(), account, installed, "50", in)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(sent, tt.sent) || tt.sent == "" && sent != "" || string(got) != tt.document {
				t.Errorf("sent %s, want %s; got %s, want %s", sent, tt.sent, got, tt.document)
			}
			tried, err := w.Test(t.Context(), account, installed, "50", in)
			if err != nil || !tried.Success || string(tried.Response.Body) != tt.document {
				t.Errorf("tried: %+v, %v", tried, err)
			}
		})
	}
}

// A trigger below another asks with what was chosen there.
func TestSubTriggers(t *testing.T) {
	w := newWorld(t)
	party := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/shelves" {
			io.WriteString(rw, `[{"id":1,"name":"Low"}]`)
			return
		}
		io.WriteString(rw, `[{"id":"`+r.URL.Query().Get("shelf")+`-a","name":"First"}]`)
	}))
	defer party.Close()
	w.url = party.URL
	w.connector.Triggers = []connector.Trigger{
		{ID: 41, Name: "Shelves", Method: "Shelves", IdentifierKey: "[].id", HumanReadableKey: "[].name", SubTriggers: []string{"Places"}},
		{ID: 42, Name: "Places", Method: "Places", IdentifierKey: "[].id", HumanReadableKey: "[].name"},
	}
	w.connector.Methods = append(
		w.connector.Methods,
		connector.Method{ID: 51, Name: "Shelves", MethodType: connector.Action, HTTPMethod: "GET", Endpoint: "{{BaseUrl}}/shelves", ResponseDataType: connector.JSONBody},
		connector.Method{
			ID: 52, Name: "Places", MethodType: connector.Action, HTTPMethod: "GET", Endpoint: "{{BaseUrl}}/places", ResponseDataType: connector.JSONBody,
			Parameters: []connector.Parameter{{ID: 61, Name: "shelf", TargetType: connector.QueryString, Trigger: "Shelves"}},
		},
	)
	above, err := w.Lookup(t.Context(), account, installed, 41, tandem.MethodInput{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.Lookup(t.Context(), account, installed, 42, tandem.MethodInput{Parameters: map[int64]any{61: above[0].Value}})
	if diff := cmp.Diff([]connector.Choice{{Value: "1-a", Label: "First"}}, got); diff != "" || err != nil {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
	var e *tandem.Error
	if _, err := w.Lookup(t.Context(), account, installed, 42, tandem.MethodInput{}); !errors.As(err, &e) || e.Code != tandem.Invalid || !strings.Contains(e.Message, "parameter shelf is required") {
		t.Errorf("without what was chosen: %v", err)
	}
	if _, err := w.Lookup(t.Context(), account, installed, 42, tandem.MethodInput{Parameters: map[int64]any{99: 1}}); !errors.As(err, &e) || e.Field != "Parameters.99" {
		t.Errorf("another's parameter: %v", err)
	}
}

// Scripts can tell who calls.
func TestModes(t *testing.T) {
	w := newWorld(t)
	in := tandem.MethodInput{Parameters: map[int64]any{22: "4"}, Fields: map[int64]any{23: "Ink"}}
	if _, err := w.Call(t.Context(), account, installed, "12", in); err != nil || w.mode != "RUNNING_TRANSACTION" {
		t.Errorf("called as %q, %v", w.mode, err)
	}
	if _, err := w.Test(t.Context(), account, installed, "12", in); err != nil || w.mode != "CONNECTOR_TESTING" {
		t.Errorf("tested as %q, %v", w.mode, err)
	}
}

// A step is called with its own script, and may fill fields that nobody declares.
func TestStep(t *testing.T) {
	w := newWorld(t)
	in := tandem.StepTrial{Method: addGUID, Parameters: map[string]any{"Shelf": 4}, Fields: map[string]any{"name": "Ink", "extra.size": 2, "own.field": true}}
	got, err := w.TestStep(t.Context(), account, installed, in)
	if err != nil || !got.Success || got.StatusCode != http.StatusOK || w.mode != "STEP_TESTING" {
		t.Fatalf("%+v, called as %q: %v", got, w.mode, err)
	}
	for _, part := range []string{`"shelf":"4"`, `"name":"Ink"`, `"extra":{"size":2}`, `"own":{"field":true}`} {
		if !strings.Contains(string(got.Response.Body), part) {
			t.Errorf("the third party got %s, without %s", got.Response.Body, part)
		}
	}
	in.Script = "function before_action() { return true }"
	if got, err = w.TestStep(t.Context(), account, installed, in); err != nil || got.Success || got.Message == "" { // there is nothing that could run it
		t.Errorf("with a script of its own: %+v, %v", got, err)
	}
	for field, in := range map[string]tandem.StepTrial{
		"Script":          {Method: addGUID, Script: strings.Repeat("x", tandem.MaxStepScript+1)},
		"Parameters.Room": {Method: addGUID, Parameters: map[string]any{"Room": 1}},
		"Fields.a..b":     {Method: addGUID, Fields: map[string]any{"a..b": 1}},
		"method":          {Method: "13"}, // a webhook
	} {
		var e *tandem.Error
		if _, err := w.TestStep(t.Context(), account, installed, in); !errors.As(err, &e) || e.Code != tandem.Invalid || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
