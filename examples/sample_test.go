// Package examples holds the sample applications and templates, and the tests
// that what is written of them in data is so.
package examples

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// library reads all connectors of the folders.
func library(t *testing.T, patterns ...string) map[string]*connector.Connector {
	t.Helper()
	all := map[string]*connector.Connector{}
	for _, p := range patterns {
		for _, file := range glob(t, p) {
			c, err := connector.Parse(file, read(t, file))
			if err != nil {
				t.Fatal(err)
			}
			all[file] = c
		}
	}
	return all
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(files), err)
	}
	return files
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestTemplatesAreReadyToRun: they use what the connectors have, and once they
// are installed nothing is left to set up.
func TestTemplatesAreReadyToRun(t *testing.T) {
	connectors := slices.Collect(maps.Values(library(t, "../connectors/sample-*/connector.yaml", "../connectors/cross-updating-preventer/connector.yaml", "../bench/connector/*/connector.yaml")))
	for _, file := range append(glob(t, "templates/*.json"), glob(t, "../bench/template/*.json")...) {
		t.Run(filepath.Base(file), func(t *testing.T) { readyToRun(t, read(t, file), connectors) })
	}
}

// TestDocumentedExamples: the connectors and the template of docs are whole, and
// the template fits one of them.
func TestDocumentedExamples(t *testing.T) {
	var all []*connector.Connector
	for _, code := range blocks(t, "../docs/connectors.md", "yaml") {
		if !bytes.HasPrefix(code, []byte("Name:")) {
			continue
		}
		c, err := connector.Parse("docs/connectors.md", code)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	if len(all) != 2 {
		t.Errorf("%d connectors", len(all))
	}
	readyToRun(t, blocks(t, "../docs/templates.md", "json")[0], all)
}

// blocks are those of code in a language on a page.
func blocks(t *testing.T, page, language string) (all [][]byte) {
	t.Helper()
	rest := string(read(t, page))
	for {
		_, after, opened := strings.Cut(rest, "```"+language+"\n")
		code, next, closed := strings.Cut(after, "```\n")
		if !opened || !closed {
			break
		}
		all, rest = append(all, []byte(code)), next
	}
	if len(all) == 0 {
		t.Fatalf("%s has no block of %s", page, language)
	}
	return all
}

func readyToRun(t *testing.T, file []byte, connectors []*connector.Connector) {
	t.Helper()
	resolve := func(ref tandem.ConnectorRef, method string) (*connector.Connector, *connector.Method, error) {
		for _, c := range connectors {
			if c.Name != ref.Name || c.Version != ref.Version {
				continue
			}
			for i := range c.Methods {
				if c.Methods[i].MethodUniqueIdentifier == method {
					return c, &c.Methods[i], nil
				}
			}
		}
		return nil, nil, tandem.NotFoundf("%s %s has no method %s", ref.Name, ref.Version, method)
	}
	d := json.NewDecoder(bytes.NewReader(file))
	d.DisallowUnknownFields()
	var f tandem.TemplateFile
	if err := d.Decode(&f); err != nil {
		t.Fatal(err)
	}
	if f.Format != tandem.TemplateFileFormat || f.Name == "" {
		t.Errorf("format %q, name %q", f.Format, f.Name)
	}
	if err := workflow.Validate(&f.Graph, resolve); err != nil {
		t.Fatal(err)
	}
	for _, p := range workflow.Check(&f.Graph, resolve) {
		t.Errorf("%+v", p)
	}
}

// exchange is a recorded request and response of a method.
type exchange struct {
	Method  string
	Request struct {
		HTTPMethod string `json:"HttpMethod"`
		Body       any
	}
	Response struct {
		Status int
		Body   any
	}
}

// TestConnectorsMatchRecordedExchanges: every method of the sample connectors
// has one, made with the application, and it holds the fields that the
// connector says.
func TestConnectorsMatchRecordedExchanges(t *testing.T) {
	for file, c := range library(t, "../connectors/sample-*/connector.yaml") {
		for _, m := range c.Methods {
			name := strings.ReplaceAll(strings.ToLower(m.Name), " ", "-") + ".json"
			t.Run(c.Name+"/"+m.Name, func(t *testing.T) {
				var e exchange
				if err := json.Unmarshal(read(t, filepath.Join(filepath.Dir(file), "testdata", name)), &e); err != nil {
					t.Fatal(err)
				}
				if e.Method != m.Name || e.Request.HTTPMethod != m.HTTPMethod || e.Response.Status/100 != 2 {
					t.Errorf("is of %s %s, status %d", e.Request.HTTPMethod, e.Method, e.Response.Status)
				}
				arrives := e.Response.Body
				if m.MethodType == connector.Webhook {
					arrives = e.Request.Body
				}
				holds(t, "request", e.Request.Body, m.RequestFields)
				holds(t, "response", arrives, m.ResponseFields)
			})
		}
	}
}

func holds(t *testing.T, what string, body any, fields []connector.Field) {
	t.Helper()
	for _, f := range fields {
		l, err := connector.ParseLocation(f.ConnectorField)
		if err != nil {
			t.Fatal(err)
		}
		v, ok := l.Get(body)
		if items, list := v.([]any); list && len(items) == 0 {
			ok = false
		}
		if !ok {
			t.Errorf("the %s has no %s", what, f.ConnectorField)
		}
	}
}
