package template_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
)

// states are the releases of a template, newest first.
func (w *world) states(t *testing.T, id tandem.TemplateID) string {
	t.Helper()
	page, err := w.releases.List(t.Context(), w.partner, id, tandem.PageRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range page.Rows {
		all = append(all, string(r.State))
	}
	return strings.Join(all, " ")
}

func TestReleases(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		ctx := tandem.WithAct(t.Context(), &tandem.Act{Who: tandem.Principal{Partner: w.partner, Client: "c"}})
		tm, err := w.Templates.Create(ctx, w.partner, tandem.TemplateUpdate{Name: tandem.Some(" New ")}, tandem.Design{})
		if err != nil {
			t.Fatal(err)
		}
		if tm.Name != "New" || tm.Live() || tm.Published || tm.Author == "" || tm.Release.CreatedBy != tm.Author || tm.DraftID != tm.Release.ID {
			t.Errorf("a new template: %+v", tm)
		}
		first := tm.DraftID
		refused := func(what string, err error, code tandem.Code) {
			t.Helper()
			if tandem.ErrorCode(err) != code {
				t.Errorf("%s: %v, want %s", what, err, code)
			}
		}
		edit := func(id tandem.ReleaseID, notes string) error {
			_, err := w.releases.Edit(ctx, w.partner, tm.ID, id, 0, func(r *tandem.Release) {
				r.Notes, r.Graph, r.State, r.Version = notes, sample(t, "new-contact.json").Graph, tandem.ReleaseLive, 7
			})
			return err
		}
		promote := func(id tandem.ReleaseID, how tandem.Promotion) error {
			_, err := w.releases.Promote(ctx, w.partner, tm.ID, id, how)
			return err
		}
		draft := func() (tandem.ReleaseID, error) {
			r, err := w.releases.Draft(ctx, w.partner, tm.ID, tm.Release.Design)
			if err != nil {
				return "", err
			}
			return r.ID, nil
		}
		_, err = w.Templates.Install(ctx, w.partner, account, tm.ID)
		refused("install of a draft", err, tandem.NotFound)
		refused("discard of the only release", w.releases.Discard(ctx, w.partner, tm.ID, first), tandem.Conflict)
		refused("promotion without steps", promote(first, tandem.Promotion{}), tandem.Invalid)
		if err := edit(first, "one"); err != nil {
			t.Fatal(err)
		}
		if got, err := w.releases.Get(ctx, w.partner, tm.ID, first); err != nil || got.Revision != 2 || got.Version != 1 || got.State != tandem.ReleaseDraft || len(got.Graph.Steps) != 3 {
			t.Errorf("%v, edited: %+v", err, got)
		}
		refused("promotion of what it was", promote(first, tandem.Promotion{Revision: 1}), tandem.Conflict)
		if err := promote(first, tandem.Promotion{Revision: 2, Notes: tandem.Some("first")}); err != nil {
			t.Fatal(err)
		}
		refused("a second promotion", promote(first, tandem.Promotion{}), tandem.Conflict)
		refused("edit of a live one", edit(first, "two"), tandem.Conflict)
		refused("discard of a live one", w.releases.Discard(ctx, w.partner, tm.ID, first), tandem.Conflict)

		second, err := draft()
		if err != nil {
			t.Fatal(err)
		}
		_, err = draft()
		refused("a second draft", err, tandem.Conflict)
		if live, err := w.releases.Live(ctx, w.partner, tm.ID); err != nil || live.ID != first || live.Notes != "first" || live.PromotedBy != tm.Author || live.Promoted.IsZero() {
			t.Errorf("live: %v, %+v", err, live)
		}
		if err := edit(second, "second"); err != nil {
			t.Fatal(err)
		}
		if err := promote(second, tandem.Promotion{}); err != nil {
			t.Fatal(err)
		}
		third, err := draft()
		if err != nil {
			t.Fatal(err)
		}
		if got := w.states(t, tm.ID); got != "Draft Live Deprecated" {
			t.Errorf("releases: %s", got)
		}
		refused("edit of a deprecated one", edit(first, "x"), tandem.Conflict)
		if err := w.releases.Discard(ctx, w.partner, tm.ID, third); err != nil {
			t.Error(err)
		}
		if now, err := w.Get(ctx, w.partner, tm.ID); err != nil || now.Release.ID != second || now.Release.Version != 2 || now.DraftID != "" {
			t.Errorf("in the end: %v, %+v", err, now)
		}
	})
}

// Of many who change a draft as they read it, one does; and of many who begin a
// draft, one does.
func TestDraftsAreNotOvertaken(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		tm := w.add(t, sample(t, "new-contact.json"))
		race := func(do func(context.Context) error) (done int) {
			var all sync.WaitGroup
			results := make([]error, 8)
			for i := range results {
				all.Go(func() { results[i] = do(t.Context()) })
			}
			all.Wait()
			for _, err := range results {
				switch {
				case err == nil:
					done++
				case tandem.ErrorCode(err) != tandem.Conflict:
					t.Error(err)
				}
			}
			return done
		}
		if n := race(func(ctx context.Context) error {
			_, err := w.releases.Draft(ctx, w.partner, tm.ID, tm.Release.Design)
			return err
		}); n != 1 {
			t.Errorf("%d drafts were begun", n)
		}
		now, err := w.Get(t.Context(), w.partner, tm.ID)
		if err != nil {
			t.Fatal(err)
		}
		if n := race(func(ctx context.Context) error {
			_, err := w.releases.Edit(ctx, w.partner, tm.ID, now.DraftID, 1, func(*tandem.Release) {})
			return err
		}); n != 1 {
			t.Errorf("%d changed the first revision", n)
		}
		if n := race(func(ctx context.Context) error {
			_, err := w.releases.Promote(ctx, w.partner, tm.ID, now.DraftID, tandem.Promotion{})
			return err
		}); n != 1 {
			t.Errorf("%d promoted the draft", n)
		}
		if got := w.states(t, tm.ID); got != "Live Deprecated" {
			t.Errorf("releases: %s", got)
		}
	})
}

func TestRecycleBin(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		in, err := w.folders.Create(ctx, w.partner, tandem.FolderUpdate{Name: tandem.Some("in")})
		if err != nil {
			t.Fatal(err)
		}
		tm, err := w.Import(ctx, w.partner, sample(t, "new-contact.json"), tandem.TemplateImport{Folder: in.ID})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Restore(ctx, w.partner, tm.ID); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("restore of what is not in the bin: %v", err)
		}
		if err := w.Templates.Delete(ctx, w.partner, tm.ID); err != nil {
			t.Fatal(err)
		}
		_, gone1 := w.Get(ctx, w.partner, tm.ID)
		_, gone2 := w.releases.Get(ctx, w.partner, tm.ID, tm.Release.ID)
		_, gone3 := w.Templates.Install(ctx, w.partner, account, tm.ID)
		_, gone4 := w.releases.Draft(ctx, w.partner, tm.ID, tm.Release.Design)
		_, gone5 := w.Templates.Update(ctx, w.partner, tm.ID, tandem.TemplateUpdate{})
		for i, err := range []error{gone1, gone2, gone3, gone4, gone5, w.Templates.Delete(ctx, w.partner, tm.ID)} {
			if !errors.Is(err, &tandem.Error{Code: tandem.NotFound}) {
				t.Errorf("use %d of a deleted template: %v", i+1, err)
			}
		}
		if err := w.folders.Delete(ctx, w.partner, in.ID, tandem.Optional[tandem.FolderID]{}); err != nil {
			t.Errorf("a folder whose template is in the bin is empty: %v", err)
		}
		bin, err := w.Templates.List(ctx, w.partner, tandem.TemplateFilter{Deleted: true})
		if err != nil || bin.Total != 1 || bin.Rows[0].Deleted.IsZero() {
			t.Fatalf("%v, the bin: %+v", err, bin)
		}
		if n, err := w.db.PurgeTemplates(ctx, bin.Rows[0].Deleted.AddDate(0, 0, tandem.TemplateBinDays).Add(-time.Second)); err != nil || n != 0 {
			t.Errorf("purged %d too early, %v", n, err)
		}
		back, err := w.Restore(ctx, w.partner, tm.ID)
		if err != nil || back.Folder != "" || !back.Live() {
			t.Errorf("restored: %v, %+v", err, back)
		}
		if err := w.Templates.Delete(ctx, w.partner, tm.ID); err != nil {
			t.Fatal(err)
		}
		if n, err := w.db.PurgeTemplates(ctx, time.Now().AddDate(0, 0, tandem.TemplateBinDays)); err != nil || n != 1 {
			t.Errorf("purged %d, %v", n, err)
		}
		if _, err := w.Restore(ctx, w.partner, tm.ID); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("after the purge: %v", err)
		}
	})
}

func TestSetup(t *testing.T) {
	w := newWorld(t)
	f := sample(t, "new-contact.json")
	f.Graph.Variables = append(f.Graph.Variables, tandem.Variable{SystemName: "Must", IsLaunchVisible: true, IsLaunchRequired: true})
	f.Graph.Variables = append(f.Graph.Variables, tandem.Variable{SystemName: "May", DisplayName: "If you like", IsLaunchVisible: true, Value: "x"})
	f.Graph.Steps[2].Parameters = []tandem.Mapping{{Target: "ListId", MappingType: tandem.MapStatic, IsLaunchVisible: true, LaunchName: "List"}}
	f.Graph.Steps[2].Fields = append(f.Graph.Steps[2].Fields, tandem.Mapping{Target: "extra", MappingType: tandem.MapStatic, Value: "1", IsLaunchVisible: true})
	tm := w.add(t, f)
	list := func(optional bool) (all []string) {
		items, err := w.Setup(t.Context(), tm, optional)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range items {
			mark := ""
			if i.IsOptional {
				mark = " (optional)"
			}
			all = append(all, i.Reason+mark)
		}
		return all
	}
	needed := []string{
		"Connector Bookshelf CRM has to be authenticated.", "Connector Bookshelf CRM needs a value for its property Address.",
		"Connector Postbag has to be authenticated.", "Connector Postbag needs a value for its property Address.",
		`Step "Subscribe": List has no mapping.`, "Must has no value.",
	}
	if diff := cmp.Diff(needed, list(false)); diff != "" {
		t.Errorf("needed: -want +got\n%s", diff)
	}
	choices := slices.Concat(needed, []string{"Mailing list can be chosen. (optional)", "If you like can be chosen. (optional)", `Step "Subscribe": extra can be chosen. (optional)`})
	if diff := cmp.Diff(choices, list(true)); diff != "" {
		t.Errorf("with choices: -want +got\n%s", diff)
	}
}
