package template_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/examples/templates"
	"github.com/tandem-ipaas/tandem/internal/template"
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

// ownLibrary says that all connectors are the partner's own.
type ownLibrary struct{ template.Library }

func (l ownLibrary) Shelf(ctx context.Context, p tandem.PartnerID) (tandem.Shelf, error) {
	s, err := l.Library.Shelf(ctx, p)
	return ownShelf{s}, err
}

type ownShelf struct{ tandem.Shelf }

func (s ownShelf) Release(ref tandem.ConnectorRef) (*tandem.LibraryConnector, error) {
	found, err := s.Shelf.Release(ref)
	if err != nil {
		return nil, err
	}
	own := *found
	own.Own = true
	return &own, nil
}

// A partner's own connectors go with the file, without the numbers that they have
// here.
func TestExportEmbedsOwnConnectors(t *testing.T) {
	w := newWorld(t)
	tm := w.add(t, sample(t, "new-contact.json"))
	f, err := template.NewFiles(w.log, w.db, ownLibrary{w.library}).Export(t.Context(), w.partner, tm.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(f.Connectors)
	if err != nil {
		t.Fatal(err)
	}
	for _, number := range []string{`"Id":`, `"TriggerId":`} {
		if bytes.Contains(text, []byte(number)) {
			t.Errorf("the file has a number of this installation: %s in %s", number, text)
		}
	}
	for _, c := range f.Connectors {
		definition, err := json.Marshal(c.Definition)
		if err != nil {
			t.Fatal(err)
		}
		var read connector.Connector
		if err := json.Unmarshal(definition, &read); err != nil {
			t.Fatal(err)
		}
		l, err := w.shelf(t).Release(tandem.ConnectorRef{Name: c.Name, Version: c.Version})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(l.Connector.Unnumbered(), &read); diff != "" {
			t.Errorf("%s: -library +file\n%s", c.Name, diff)
		}
		if l.Methods[0].ID == 0 {
			t.Errorf("%s lost its numbers in the library", c.Name)
		}
	}
}
