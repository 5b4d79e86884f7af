package template_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/examples/templates"
	"github.com/tandem-ipaas/tandem/internal/catalog"
)

func (w *world) export(t *testing.T, tm *tandem.Template) []byte {
	t.Helper()
	f, err := w.Export(t.Context(), w.partner, tm.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What comes out is what went in, with the connectors that it needs; and that goes
// in and comes out again byte for byte.
func TestExportIsWhatWasImported(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		names, err := fs.Glob(templates.Files, "*.json")
		if err != nil || len(names) < 2 {
			t.Fatal(names, err)
		}
		for _, name := range names {
			in := sample(t, name)
			in.StepDataErroredRetentionHours = new(12)
			in.Graph.Connectors[0].Installation = tandem.FreshConnector
			out := w.export(t, w.add(t, in))
			var again tandem.TemplateFile
			if err := json.Unmarshal(out, &again); err != nil {
				t.Fatal(err)
			}
			if second := w.export(t, w.add(t, again)); !bytes.Equal(out, second) {
				t.Errorf("%s came out as another document: %s", name, cmp.Diff(string(out), string(second)))
			}
			if len(again.Connectors) != len(in.Graph.Connectors) || again.Connectors[0].UniqueIdentifier == "" || again.Connectors[0].Name > again.Connectors[1].Name {
				t.Errorf("%s needs %v", name, again.Connectors)
			}
			again.Connectors = nil
			if diff := cmp.Diff(in, again); diff != "" {
				t.Errorf("%s: -in +out\n%s", name, diff)
			}
		}
	})
}

func TestExportOfReleases(t *testing.T) {
	w := newWorld(t)
	tm, err := w.Import(t.Context(), w.partner, sample(t, "new-contact.json"), tandem.TemplateImport{Draft: true})
	if err != nil {
		t.Fatal(err)
	}
	if tm.Published || tm.Live() || tm.DraftID != tm.Release.ID {
		t.Errorf("imported as a draft: %+v", tm)
	}
	if _, err := w.Export(t.Context(), w.partner, tm.ID, ""); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("live, of one that never was: %v", err)
	}
	if f, err := w.Export(t.Context(), w.partner, tm.ID, tm.DraftID); err != nil || f.Name != tm.Name {
		t.Errorf("the draft: %v, %v", f.Name, err)
	}
	_, err = w.Import(t.Context(), w.partner, sample(t, "new-contact.json"), tandem.TemplateImport{Folder: tandem.FolderID(tandem.NewGUID())})
	if tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("into a folder that is not there: %v", err)
	}
}

// ownConnector is a document of a partner's own connector, with a secret in it, and
// what cannot be used.
const ownConnector = `{
	"Name": "Ledger", "Version": "2.1", "UniqueIdentifier": "5A0E3D2F-58F0-4B0C-9D8E-0A1B2C3D4E5F", "Description": "Books of account",
	"ReleaseStatus": "Live", "Status": "ours alone", "Icon": "data:image/png;base64,iVBORw0KGgo=", "Parameters": [
		{"Name": "Company", "TargetType": "QueryString", "AccountConnectorProperty": true},
		{"Name": "AppKey", "TargetType": "HttpHeader", "Sensitive": true, "Hidden": true, "Value": "ours, and secret"}
	],
	"Methods": [
		{"Name": "List", "MethodType": "Action", "HttpMethod": "GET", "Endpoint": "https://ledger.test/", "ResponseDataType": "Json", "ResponseFields": [{"ConnectorField": "[].id", "DataType": "Integer"}]},
		{"Name": "Odd", "MethodType": "Action", "HttpMethod": "GET", "Endpoint": "https://ledger.test/", "ResponseDataType": "Edifact"}
	]}`

func (w *world) own(t *testing.T, p tandem.PartnerID, document string) *tandem.CustomConnector {
	t.Helper()
	var d map[string]json.RawMessage
	if err := json.Unmarshal([]byte(document), &d); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.NewCustom(w.log, w.db, w.library).Create(t.Context(), p, d)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ledger is a template that uses the partner's own connector, as a file.
func (w *world) ledger(t *testing.T) tandem.TemplateFile {
	t.Helper()
	w.own(t, w.partner, ownConnector)
	l, err := w.shelf(t).Release(tandem.ConnectorRef{Name: "Ledger", Version: "2.1"})
	if err != nil {
		t.Fatal(err)
	}
	tm := w.add(t, tandem.TemplateFile{Format: tandem.TemplateFileFormat, Name: "Accounts", Graph: tandem.Graph{
		Steps: []tandem.Step{{
			ID: tandem.StepID(tandem.NewGUID()), Name: "List", ActionType: tandem.ActionStep, Connector: "l", Method: l.Methods[0].MethodUniqueIdentifier,
			Parameters: []tandem.Mapping{
				{Target: "Company", MappingType: tandem.MapStatic, Value: "7"},
				{Target: "appkey", MappingType: tandem.MapVariable, Variable: "Key"},
			},
		}},
		Edges:      []tandem.Edge{},
		Variables:  []tandem.Variable{{DisplayName: "Key", SystemName: "Key", Value: "a secret of the step"}, {SystemName: "Colour", Value: "red", IsLaunchVisible: true}},
		Connectors: []tandem.ConnectorRef{{Ref: "l", Name: "ledger", Version: "2.1"}},
	}})
	var f tandem.TemplateFile
	if err := json.Unmarshal(w.export(t, tm), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// another makes another partner of the same installation.
func (w *world) another(t *testing.T) tandem.PartnerID {
	t.Helper()
	p, err := w.db.CreatePartner(t.Context(), "other", tandem.ConsoleUser{Email: "o@b.test"}, "x", tandem.OAuthClient{ID: "o", SecretHash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// A partner's own connectors go with the file: as they can be used, without
// numbers and secrets.
func TestExportOfOwnConnectors(t *testing.T) {
	w := newWorld(t)
	f := w.ledger(t)
	text := asJSON(t, f)
	for _, s := range []string{"secret", `"Id":1`, `"TriggerId":`, "Odd", "ours alone"} {
		if strings.Contains(text, s) {
			t.Errorf("the file has %s: %s", s, text)
		}
	}
	if len(f.Connectors) != 1 || f.Connectors[0].Name != "Ledger" || !strings.HasPrefix(f.Connectors[0].Icon, "data:image/png") || f.Graph.Variables[1].Value != "red" || f.Graph.Steps[0].Parameters[0].Value != "7" {
		t.Fatalf("exported: %s", text)
	}
	l, err := w.shelf(t).Release(tandem.ConnectorRef{Name: "Ledger", Version: "2.1"})
	if err != nil {
		t.Fatal(err)
	}
	if key := l.Parameters[1]; key.Value == "" || !key.Hidden || l.Methods[0].ID == 0 {
		t.Errorf("the connector has lost something by going: %+v", l.Connector)
	}
	want := l.Connector.Portable()
	if key := want.Parameters[1]; key.Hidden || !key.AccountConnectorProperty {
		t.Errorf("the secret is not asked for: %+v", key)
	}
	if diff := cmp.Diff(want, f.Connectors[0].Definition); diff != "" {
		t.Errorf("-library +file\n%s", diff)
	}
}

func TestConnectorsComeWithTheFile(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		f := w.ledger(t)
		other := w.another(t)
		take := func(p tandem.PartnerID, f tandem.TemplateFile) (*tandem.Template, error) {
			return w.Import(t.Context(), p, f, tandem.TemplateImport{})
		}
		kept := func(p tandem.PartnerID) []tandem.CustomConnector {
			page, err := w.db.CustomConnectors(t.Context(), p, tandem.Search{})
			if err != nil {
				t.Fatal(err)
			}
			return page.Rows
		}
		refusal := errors.New("no connectors")
		if _, err := w.Import(t.Context(), other, f, tandem.TemplateImport{NoConnectors: refusal}); !errors.Is(err, refusal) || len(kept(other)) != 0 {
			t.Errorf("with connectors that may not be added: %v, %v", err, kept(other))
		}
		for range 2 { // the second time they are there
			tm, err := take(other, f)
			if err != nil {
				t.Fatal(err)
			}
			back, err := w.Export(t.Context(), other, tm.ID, "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(asJSON(t, f), asJSON(t, back)); diff != "" {
				t.Errorf("came out as another document: %s", diff)
			}
			if own := kept(other); len(own) != 1 || own[0].State != tandem.ReleaseLive || own[0].Name != "Ledger" {
				t.Errorf("kept %+v", own)
			}
			f.Graph.Connectors[0].UniqueIdentifier = strings.ToUpper(f.Graph.Connectors[0].UniqueIdentifier)
			f.Connectors[0].UniqueIdentifier = strings.ToLower(f.Connectors[0].UniqueIdentifier)
			f = back
		}
		if _, err := take(w.partner, f); err != nil || len(kept(w.partner)) != 1 {
			t.Errorf("where it comes from: %v", err)
		}
		c, err := w.Templates.Install(t.Context(), other, account, w.find(t, other))
		if err != nil {
			t.Fatal(err)
		}
		if bound := c.Connectors["l"]; bound != tandem.AccountConnectorID(100+kept(other)[0].ID) {
			t.Errorf("installed with %v, of %+v", c.Connectors, kept(other))
		}
	})
}

// find gives a template of p.
func (w *world) find(t *testing.T, p tandem.PartnerID) tandem.TemplateID {
	t.Helper()
	all, err := w.Templates.List(t.Context(), p, tandem.TemplateFilter{})
	if err != nil || len(all.Rows) == 0 {
		t.Fatal(all, err)
	}
	return all.Rows[0].ID
}

// What cannot be taken as it is, is not taken at all.
func TestImportRefusesConnectors(t *testing.T) {
	w := newWorld(t)
	f := w.ledger(t)
	other := w.another(t)
	for name, tt := range map[string]struct {
		change func(f *tandem.TemplateFile)
		field  string
		want   string
	}{
		"not used": {func(f *tandem.TemplateFile) {
			f.Graph.Connectors, f.Graph.Steps[0].Connector, f.Graph.Steps[0].Method = nil, "", ""
		}, "Connectors[0]", "the graph does not use connector Ledger 2.1"},
		"another name": {func(f *tandem.TemplateFile) { f.Connectors[0].Definition.Name = "x" }, "Connectors[0].Definition", "must be those of the connector"},
		"another GUID": {func(f *tandem.TemplateFile) { f.Connectors[0].Definition.UniqueIdentifier = tandem.NewGUID() }, "Connectors[0].Definition", "must be those of the connector"},
		"no GUID": {func(f *tandem.TemplateFile) {
			f.Connectors[0].Definition.UniqueIdentifier, f.Connectors[0].UniqueIdentifier = "", ""
			f.Graph.Connectors[0].UniqueIdentifier = ""
		}, "Connectors[0].Definition", "UniqueIdentifier"},
		"a bad method":    {func(f *tandem.TemplateFile) { f.Connectors[0].Definition.Methods[0].HTTPMethod = "BREW" }, "Connectors[0].Definition", "BREW"},
		"no methods":      {func(f *tandem.TemplateFile) { f.Connectors[0].Definition.Methods = nil }, "Connectors[0].Definition", "Methods: is required"},
		"a bad icon":      {func(f *tandem.TemplateFile) { f.Connectors[0].Icon = "javascript:1" }, "Connectors[0].Icon", "PNG"},
		"left out":        {func(f *tandem.TemplateFile) { f.Connectors = nil }, "Graph.Connectors[0]", "is not in the library"},
		"too many":        {func(f *tandem.TemplateFile) { f.Connectors = slices.Repeat(f.Connectors, 101) }, "Connectors", "may be 100 at most"},
		"a graph amiss":   {func(f *tandem.TemplateFile) { f.Graph.Steps[0].ActionType = 99 }, "Graph.Steps[0].ActionType", "99"},
		"a folder amiss":  {func(*tandem.TemplateFile) {}, "FolderId", ""},
		"a method amiss":  {func(f *tandem.TemplateFile) { f.Graph.Steps[0].Method = tandem.NewGUID() }, "Graph.Steps[0].Method", "has no method"},
		"another version": {func(f *tandem.TemplateFile) { f.Connectors[0].Version = "9" }, "", "9"},
	} {
		t.Run(name, func(t *testing.T) {
			var bad tandem.TemplateFile
			if err := json.Unmarshal([]byte(asJSON(t, f)), &bad); err != nil {
				t.Fatal(err)
			}
			tt.change(&bad)
			how := tandem.TemplateImport{}
			if tt.field == "FolderId" {
				how.Folder = tandem.FolderID(tandem.NewGUID())
			}
			_, err := w.Import(t.Context(), other, bad, how)
			e := (*tandem.Error)(nil)
			if !errors.As(err, &e) || e.Code != tandem.Invalid || !strings.HasPrefix(e.Field, tt.field) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %s: %s", err, tt.field, tt.want)
			}
		})
	}
	if page, err := w.db.CustomConnectors(t.Context(), other, tandem.Search{}); err != nil || page.Total != 0 {
		t.Errorf("something was left behind: %+v, %v", page.Rows, err)
	}
	w.own(t, other, strings.Replace(ownConnector, "Books of account", "Other books", 1))
	if _, err := w.Import(t.Context(), other, f, tandem.TemplateImport{}); err == nil || !strings.Contains(err.Error(), "Connectors[0]: there is a connector Ledger 2.1 already, and it has another definition") {
		t.Errorf("another definition: %v", err)
	}
	third, err := w.db.CreatePartner(t.Context(), "third", tandem.ConsoleUser{Email: "t@b.test"}, "x", tandem.OAuthClient{ID: "t", SecretHash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	w.own(t, third, strings.Replace(ownConnector, "5A0E3D2F", "6A0E3D2F", 1))
	if _, err := w.Import(t.Context(), third, f, tandem.TemplateImport{}); err == nil || !strings.Contains(err.Error(), "it has another UniqueIdentifier") {
		t.Errorf("another UniqueIdentifier: %v", err)
	}
}

// Of those who bring the same connector at once, all succeed, and one adds it.
func TestSameConnectorAtOnce(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		f := w.ledger(t)
		other := w.another(t)
		failed := make(chan error, 4)
		for range cap(failed) {
			go func() {
				_, err := w.Import(t.Context(), other, f, tandem.TemplateImport{})
				failed <- err
			}()
		}
		for range cap(failed) {
			if err := <-failed; err != nil {
				t.Error(err)
			}
		}
		if page, err := w.db.CustomConnectors(t.Context(), other, tandem.Search{}); err != nil || page.Total != 1 {
			t.Errorf("%d connectors, %v", page.Total, err)
		}
	})
}

// Half a connector is another one, and one that is gone is none.
func TestExportRefusesConnectors(t *testing.T) {
	w := newWorld(t)
	w.ledger(t)
	id := w.find(t, w.partner)
	custom := catalog.NewCustom(w.log, w.db, w.library)
	page, err := w.db.CustomConnectors(t.Context(), w.partner, tandem.Search{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = custom.Update(t.Context(), w.partner, page.Rows[0].ID, 0, map[string]json.RawMessage{"RateLimits": json.RawMessage(`[{"Requests":1}]`)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Export(t.Context(), w.partner, id, ""); tandem.ErrorCode(err) != tandem.Invalid || !strings.Contains(err.Error(), "RateLimits[0].Seconds: is required") {
		t.Errorf("%v", err)
	}
	if err := w.Templates.Delete(t.Context(), w.partner, id); err != nil { // else it keeps its connector
		t.Fatal(err)
	}
	if err := custom.Delete(t.Context(), w.partner, page.Rows[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Restore(t.Context(), w.partner, id); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Export(t.Context(), w.partner, id, ""); tandem.ErrorCode(err) != tandem.Invalid || !strings.Contains(err.Error(), "it is not there any more") {
		t.Errorf("%v", err)
	}
}
