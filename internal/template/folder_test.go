package template_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

func TestFolders(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		add := func(name string, in tandem.FolderID) tandem.FolderID {
			t.Helper()
			f, err := w.folders.Create(ctx, w.partner, tandem.FolderUpdate{Name: tandem.Some(name), Parent: tandem.Some(in)})
			if err != nil {
				t.Fatal(err)
			}
			return f.ID
		}
		a := add(" A ", "")
		b := add("B", a)
		c := add("C", b)
		tm, err := w.Import(ctx, w.partner, sample(t, "new-contact.json"), tandem.TemplateImport{Folder: c})
		if err != nil {
			t.Fatal(err)
		}
		stay := tandem.Optional[tandem.FolderID]{}
		update := func(id tandem.FolderID, u tandem.FolderUpdate) error {
			_, err := w.folders.Update(ctx, w.partner, id, u)
			return err
		}
		other := w.partner + 1
		_, foreign := w.folders.Get(ctx, other, a)
		_, below := w.folders.Create(ctx, w.partner, tandem.FolderUpdate{Name: tandem.Some("x"), Parent: tandem.Some(tandem.FolderID(tandem.NewGUID()))})
		_, twice := w.folders.Create(ctx, w.partner, tandem.FolderUpdate{Name: tandem.Some("b"), Parent: tandem.Some(a)})
		_, unnamed := w.folders.Create(ctx, w.partner, tandem.FolderUpdate{Name: tandem.Some(" ")})
		for name, tt := range map[string]struct {
			err  error
			code tandem.Code
		}{
			"another partner's":              {foreign, tandem.NotFound},
			"another partner's, deleted":     {w.folders.Delete(ctx, other, a, stay), tandem.NotFound},
			"in one that is not there":       {below, tandem.Invalid},
			"a name twice":                   {twice, tandem.Invalid},
			"no name":                        {unnamed, tandem.Invalid},
			"into itself":                    {update(a, tandem.FolderUpdate{Parent: tandem.Some(a)}), tandem.Invalid},
			"beneath itself":                 {update(a, tandem.FolderUpdate{Parent: tandem.Some(c)}), tandem.Invalid},
			"not empty: a folder":            {w.folders.Delete(ctx, w.partner, b, stay), tandem.Conflict},
			"not empty: a template":          {w.folders.Delete(ctx, w.partner, c, stay), tandem.Conflict},
			"emptied into itself":            {w.folders.Delete(ctx, w.partner, b, tandem.Some(b)), tandem.Invalid},
			"emptied into one beneath it":    {w.folders.Delete(ctx, w.partner, b, tandem.Some(c)), tandem.Invalid},
			"emptied into one not there":     {w.folders.Delete(ctx, w.partner, b, tandem.Some(tandem.FolderID(tandem.NewGUID()))), tandem.Invalid},
			"a template into one not there":  {moved(ctx, w, tm.ID, tandem.FolderID(tandem.NewGUID())), tandem.Invalid},
			"one that is not there, deleted": {w.folders.Delete(ctx, w.partner, tandem.FolderID(tandem.NewGUID()), stay), tandem.NotFound},
		} {
			if tandem.ErrorCode(tt.err) != tt.code {
				t.Errorf("%s: %v, want %s", name, tt.err, tt.code)
			}
		}
		if err := w.folders.Delete(ctx, w.partner, b, tandem.Some(a)); err != nil {
			t.Fatal(err)
		}
		if got, err := w.folders.Get(ctx, w.partner, c); err != nil || got.Parent != a {
			t.Errorf("%v, moved up: %+v", err, got)
		}
		if err := w.folders.Delete(ctx, w.partner, c, tandem.Some[tandem.FolderID]("")); err != nil {
			t.Fatal(err)
		}
		if got, err := w.Get(ctx, w.partner, tm.ID); err != nil || got.Folder != "" {
			t.Errorf("%v, moved to the top: %+v", err, got.Folder)
		}
		if page, err := w.folders.List(ctx, w.partner, tandem.FolderFilter{Query: "a", Parent: tandem.Some[tandem.FolderID]("")}); err != nil || page.Total != 1 || page.Rows[0].Name != "A" {
			t.Errorf("%v, %+v", err, page)
		}
	})
}

func moved(ctx context.Context, w *world, id tandem.TemplateID, to tandem.FolderID) error {
	_, err := w.Templates.Update(ctx, w.partner, id, tandem.TemplateUpdate{Folder: tandem.Some(to)})
	return err
}

func TestFoldersAreNotTooDeep(t *testing.T) {
	w := newWorld(t)
	ctx, in := t.Context(), tandem.FolderID("")
	var all []tandem.FolderID
	for i := range tandem.MaxFolderDepth {
		f, err := w.folders.Create(ctx, w.partner, tandem.FolderUpdate{Name: tandem.Some(fmt.Sprint(i)), Parent: tandem.Some(in)})
		if err != nil {
			t.Fatalf("level %d: %v", i+1, err)
		}
		in = f.ID
		all = append(all, in)
	}
	_, err := w.folders.Create(ctx, w.partner, tandem.FolderUpdate{Name: tandem.Some("x"), Parent: tandem.Some(in)})
	if tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("one level more: %v", err)
	}
	top, err := w.folders.Create(ctx, w.partner, tandem.FolderUpdate{Name: tandem.Some("top")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = w.folders.Update(ctx, w.partner, all[0], tandem.FolderUpdate{Parent: tandem.Some(top.ID)}); tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("a tree moved too deep: %v", err)
	}
	if _, err = w.folders.Update(ctx, w.partner, all[1], tandem.FolderUpdate{Parent: tandem.Some(top.ID)}); err != nil {
		t.Errorf("a tree moved as deep as it was: %v", err)
	}
	if err := w.folders.Delete(ctx, w.partner, top.ID, tandem.Some(all[0])); err != nil {
		t.Errorf("a tree moved back: %v", err)
	}
}

// Who moves a template into a folder while it is deleted, comes before or after.
func TestNoTemplateIsInAFolderThatIsGone(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		tm := w.add(t, sample(t, "new-contact.json"))
		for i := range 10 {
			f, err := w.folders.Create(ctx, w.partner, tandem.FolderUpdate{Name: tandem.Some(fmt.Sprint(i))})
			if err != nil {
				t.Fatal(err)
			}
			var put, deleted error
			var all sync.WaitGroup
			all.Go(func() { put = moved(ctx, w, tm.ID, f.ID) })
			all.Go(func() { deleted = w.folders.Delete(ctx, w.partner, f.ID, tandem.Optional[tandem.FolderID]{}) })
			all.Wait()
			now, err := w.Get(ctx, w.partner, tm.ID)
			if err != nil {
				t.Fatal(err)
			}
			_, gone := w.folders.Get(ctx, w.partner, f.ID)
			switch {
			case put == nil && tandem.ErrorCode(deleted) == tandem.Conflict && now.Folder == f.ID && gone == nil:
			case deleted == nil && tandem.ErrorCode(put) == tandem.Invalid && now.Folder != f.ID && gone != nil:
			default:
				t.Fatalf("put: %v, deleted: %v, in %q, gone: %v", put, deleted, now.Folder, gone)
			}
		}
	})
}
