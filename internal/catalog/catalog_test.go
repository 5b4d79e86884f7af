package catalog_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/connectors"
	"github.com/tandem-ipaas/tandem/internal/catalog"
)

// numbers numbers connectors and methods in the order that they come.
type numbers struct{ last int64 }

func (n *numbers) NumberConnectors(_ context.Context, all []*connector.Connector) ([]tandem.ConnectorID, error) {
	ids := make([]tandem.ConnectorID, len(all))
	for i, c := range all {
		n.last++
		ids[i] = tandem.ConnectorID(n.last)
		for j := range c.Methods {
			n.last++
			c.Methods[j].ID = n.last
		}
	}
	return ids, nil
}

func (*numbers) AccountPartner(context.Context, tandem.AccountID) (tandem.PartnerID, error) {
	return 1, nil
}

func (*numbers) ConnectorRevision(context.Context, tandem.PartnerID) (int64, error) { return 0, nil }

func (*numbers) OwnConnectors(context.Context, tandem.PartnerID, func(tandem.ConnectorID, int64) bool, func(*tandem.CustomConnector) (*connector.Connector, error)) error {
	return nil
}

const guid = "2c8cdda9-f97d-4ea2-86ef-14af7f9c9be"

func definition(name, version, guid string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("Name: " + name + "\nVersion: \"" + version + "\"\nUniqueIdentifier: " + guid + `
Description: About ` + name + `
Categories: [Mail]
Icon: icon.png
Authentication: [{AuthType: None}]
Methods:
  - {Name: List, MethodType: Action, HttpMethod: GET, Endpoint: "https://api.example.com/list"}
`)}
}

func icon(t *testing.T) *fstest.MapFile {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: b.Bytes()}
}

func library(t *testing.T) *catalog.Library {
	t.Helper()
	l, err := catalog.Load(t.Context(), &numbers{}, nil, fstest.MapFS{
		"mail-9/connector.yaml":  definition("Mail Box", "1.9", guid+"1"),
		"mail-9/icon.png":        icon(t),
		"mail-10/connector.yaml": definition("Mail Box", "1.10", guid+"1"),
		"mail-10/icon.png":       icon(t),
	}, fstest.MapFS{
		"crm/connector.yaml": definition("crm", "1", guid+"2"),
		"crm/icon.png":       icon(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func shelf(t *testing.T, l *catalog.Library) tandem.Shelf {
	t.Helper()
	s, err := l.AccountShelf(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLookUps(t *testing.T) {
	l, ctx := library(t), t.Context()
	page, err := l.List(ctx, 1, tandem.ConnectorFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range page.Rows {
		names = append(names, r.Name+" "+r.Version)
	}
	if diff := cmp.Diff([]string{"crm 1", "Mail Box 1.10", "Mail Box 1.9"}, names); diff != "" {
		t.Errorf("list: -want +got\n%s", diff)
	}
	all, err := l.ByName(ctx, 1, "MAIL box", "")
	if err != nil || len(all) != 2 || all[0].Version != "1.10" {
		t.Fatalf("by name: %v, %v, want two, newest first", all, err)
	}
	if one, err := l.ByName(ctx, 1, "mail box", "1.9"); err != nil || len(one) != 1 || one[0].ID != all[1].ID {
		t.Errorf("by name and version: %v, %v", one, err)
	}
	if none, err := l.ByName(ctx, 1, "mail", ""); err != nil || none == nil || len(none) != 0 {
		t.Errorf("by a name that is not there: %v, %v, want an empty list", none, err)
	}
	m := all[0].Methods[0]
	if r, got, err := l.Method(ctx, 1, tandem.MethodID(m.ID)); err != nil || r.ID != all[0].ID || got.Name != "List" {
		t.Errorf("method: %v, %v, %v", r, got, err)
	}
	ref := tandem.ConnectorRef{Name: "Mail Box", Version: "1.10"}
	if c, got, err := shelf(t, l).Resolve(ref, strings.ToUpper(m.MethodUniqueIdentifier)); err != nil || c.Version != "1.10" || got.ID != m.ID {
		t.Errorf("resolve: %v, %v, %v", c, got, err)
	}
	if !strings.HasPrefix(all[0].Icon, "data:image/png;base64,iVBOR") {
		t.Errorf("icon %.40s", all[0].Icon)
	}
	_, err1 := l.Get(ctx, 1, 999)
	_, _, err2 := l.Method(ctx, 1, 999)
	_, _, err3 := shelf(t, l).Resolve(ref, "no such")
	_, err4 := shelf(t, l).Release(tandem.ConnectorRef{Name: "Mail Box", Version: "2"})
	for i, err := range []error{err1, err2, err3, err4} {
		if tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("look-up %d of what is not there: %v, want NotFound", i+1, err)
		}
	}
}

func TestListFilters(t *testing.T) {
	l := library(t)
	for name, tt := range map[string]struct {
		filter tandem.ConnectorFilter
		rows   int
		total  int
	}{
		"query":         {tandem.ConnectorFilter{Query: "MAIL"}, 2, 2},
		"description":   {tandem.ConnectorFilter{Query: "about crm"}, 1, 1},
		"category":      {tandem.ConnectorFilter{Category: "mail"}, 3, 3},
		"no category":   {tandem.ConnectorFilter{Category: "CRM"}, 0, 0},
		"page":          {tandem.ConnectorFilter{PageRequest: tandem.PageRequest{Page: 2, PageSize: 2}}, 1, 3},
		"page past end": {tandem.ConnectorFilter{PageRequest: tandem.PageRequest{Page: 9}}, 0, 3},
	} {
		page, err := l.List(t.Context(), 1, tt.filter)
		if err != nil || len(page.Rows) != tt.rows || page.Total != tt.total {
			t.Errorf("%s: %d rows of %d, %v, want %d of %d", name, len(page.Rows), page.Total, err, tt.rows, tt.total)
		}
	}
}

func TestLoadTellsAllThatIsWrong(t *testing.T) {
	_, err := catalog.Load(t.Context(), &numbers{}, nil, fstest.MapFS{
		"one/connector.yaml":    definition("One", "1", guid+"1"),
		"one/icon.png":          icon(t),
		"twin/connector.yaml":   definition("ONE", "1", guid+"1"),
		"twin/icon.png":         icon(t),
		"thief/connector.yaml":  definition("Thief", "1", guid+"1"),
		"thief/icon.png":        icon(t),
		"naked/connector.yaml":  definition("Naked", "1", guid+"3"),
		"fake/connector.yaml":   definition("Fake", "1", guid+"4"),
		"fake/icon.png":         {Data: []byte("GIF89a")},
		"broken/connector.yaml": {Data: []byte("Name: Broken\nVersion: 2\n")},
	})
	if err == nil {
		t.Fatal("a library with mistakes was loaded")
	}
	for _, want := range []string{
		"broken/connector.yaml:2: Version", "broken/connector.yaml:1: Methods", "naked/connector.yaml: Icon", "fake/connector.yaml: Icon",
		"twin/connector.yaml: Name: ONE 1 is in one/connector.yaml too", "thief/connector.yaml: UniqueIdentifier",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not tell %q:\n%v", want, err)
		}
	}
}

func TestLoadMissingFolder(t *testing.T) {
	if _, err := catalog.Load(t.Context(), &numbers{}, nil, os.DirFS(filepath.Join(t.TempDir(), "none"))); err == nil {
		t.Error("a folder that is not there was taken for an empty one")
	}
}

func TestLoadsOwnLibrary(t *testing.T) {
	l, err := catalog.Load(t.Context(), &numbers{}, nil, connectors.Files)
	if err != nil {
		t.Fatal(err)
	}
	if page, err := l.List(t.Context(), 1, tandem.ConnectorFilter{}); err != nil || page.Total < 2 {
		t.Errorf("%d connectors, %v", page.Total, err)
	}
}

func TestChecksMethods(t *testing.T) {
	file := definition("Mail", "1.0", guid+"5")
	_, err := catalog.Load(t.Context(), &numbers{}, func(*connector.Connector, *connector.Method) error {
		return errors.New("no such function")
	}, fstest.MapFS{"mail/connector.yaml": file, "mail/icon.png": icon(t)})
	if err == nil || !strings.Contains(err.Error(), "mail/connector.yaml: Methods[0]: ") || !strings.Contains(err.Error(), "no such function") {
		t.Errorf("%v", err)
	}
}
