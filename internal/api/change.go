package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

const (
	newestChanges = 200             // of a partner are known at once; who is further behind is told that everything may have changed
	toldChanges   = 50              // are in an event at most
	overlap       = 5 * time.Second // what was done so long before somebody began to watch may not be on their screen yet
)

// changeShape says what to ask again.
type changeShape struct {
	AccountID string `json:"AccountId"` // "": what is the partner's
	Subject   string // as operations have it; "": any
}

// actions are what a person needs to look at what an operation changed, and its subject.
type actions map[string]struct {
	subject string
	need    tandem.Need
}

func actionsOf(all []route) actions {
	known := actions{}
	for _, r := range all {
		a := known[r.ID]
		a.subject, a.need = tag(r.Path), tandem.Need{Area: r.Need.Area, Level: tandem.ViewLevel}
		known[r.ID] = a
	}
	return known
}

// Subjects of what an account does by itself, where that it runs is one of its own, and
// of what people do that is no operation: they come in, and go.
const (
	subjectRuns      = "Runs"
	subjectCycles    = "Cycles"
	subjectInstalled = "Installed connectors"
	subjectConsole   = "Console"
	subjectAudit     = "Audit log"
)

// seeAccounts is what looking at what is in accounts needs.
var seeAccounts = tandem.Need{Area: tandem.AreaAccounts, Level: tandem.ViewLevel}

// newest are the newest changes of a partner. Of all that an act changes, the first
// commit is told of: it is settled when it was there a while ago.
type newest struct {
	changes []tandem.Change // the newest first
	settled int64
}

// changeWatch is somebody who watches.
type changeWatch struct {
	api     *API
	partner tandem.PartnerID
	account *tandem.Account // whose movement is told, too; nil: none
	changes *watchedOne[newest]
	moves   *watchedOne[tandem.Movement]

	told  int64            // the newest change that was looked at; -1: none was
	moved *tandem.Movement // that was told; nil: none was
}

// watchChanges streams what others change, for screens that show it.
func (a *API) watchChanges(ctx context.Context, r policy.Reader, in *struct {
	Account string `query:"account" doc:"An account's id: what it does by itself is told, too, to whoever may view accounts. Who is restricted to an account is always told of that."`
},
) (*eventStream, error) {
	w := &changeWatch{api: a, partner: r.Partner, told: -1}
	var err error
	switch {
	case in.Account != "":
		// Who may not look at accounts does not learn whether one is there.
		if err = seeAccounts.Check(recordOf(ctx).who); err == nil {
			w.account, err = r.Find(ctx, a.services.Accounts, in.Account)
		}
	case r.Restricted():
		w.account, err = a.services.Accounts.ByID(ctx, r.Partner, r.Account)
	}
	if err != nil {
		return nil, err
	}
	stream, err := a.events(ctx, w.event)
	if err != nil {
		return nil, err
	}
	body := stream.Body
	stream.Body = func(x huma.Context) {
		w.changes = a.changes.enter(r.Partner)
		defer a.changes.leave(r.Partner)
		if w.account != nil {
			w.moves = a.moves.enter(w.account.ID)
			defer a.moves.leave(w.account.ID)
		}
		body(x)
	}
	return stream, nil
}

// event tells what has changed since the last one, as far as who watches may look at
// it; "" if nothing has.
func (w *changeWatch) event(ctx context.Context) (string, error) {
	news, err := w.done(ctx)
	if err == nil && w.moves != nil {
		err = w.move(ctx, news)
	}
	if err != nil || len(news) == 0 {
		return "", err
	}
	data, err := json.Marshal(w.brief(news))
	return fmt.Sprintf("event: changes\ndata: %s\n\n", data), err
}

// done is what people and programs did.
func (w *changeWatch) done(ctx context.Context) (map[changeShape]bool, error) {
	found, err := w.changes.now(w.api.options.Poll/2, w.ask(ctx))
	if err != nil {
		return nil, err
	}
	if w.told < 0 {
		w.told = begin(found.changes)
	}
	who, news := recordOf(ctx).who, map[changeShape]bool{}
	for _, c := range found.changes {
		if c.ID <= w.told {
			break
		}
		if told, ok := w.api.actions.tell(who, w.account, c); ok && c.ID <= found.settled {
			news[told] = true
		}
	}
	if n := len(found.changes); n > 0 && found.changes[n-1].ID > w.told+1 {
		news[w.everything(who)] = true
		w.told = found.changes[n-1].ID - 1
	}
	w.told = max(w.told, found.settled)
	return news, nil
}

// ask reads on from where was read to before.
func (w *changeWatch) ask(ctx context.Context) func(newest) (newest, error) {
	return func(before newest) (now newest, err error) {
		if len(before.changes) > 0 {
			now.settled = before.changes[0].ID
		}
		more, err := w.api.services.Changes.ChangesAfter(ctx, w.partner, now.settled, newestChanges)
		all := slices.Concat(more, before.changes)
		now.changes = all[:min(len(all), newestChanges)]
		return now, err
	}
}

// begin is the change after which somebody begins to watch.
func begin(newest []tandem.Change) int64 {
	from := time.Now().Add(-overlap)
	for _, c := range newest {
		if c.Created.Before(from) {
			return c.ID
		}
	}
	if len(newest) == 0 {
		return 0
	}
	return newest[len(newest)-1].ID - 1
}

// tell says what who is to be told of a change: nothing of other accounts, nor of areas
// that they are not let into.
func (known actions) tell(who tandem.Principal, own *tandem.Account, c tandem.Change) (changeShape, bool) {
	a, ok := known[c.Action]
	switch {
	case c.Refused:
		a.subject, a.need = subjectAudit, tandem.Need{Area: tandem.AreaSecurity, Level: tandem.ViewLevel, Unrestricted: true}
	case !ok && c.AccountID == "":
		a.subject = subjectConsole
	case !ok:
		a.need = seeAccounts
	}
	visible := who.Account == 0 || own != nil && own.APIID == c.AccountID
	return changeShape{c.AccountID, a.subject}, visible && a.need.Check(who) == nil
}

// everything is the news that anything may have changed.
func (w *changeWatch) everything(who tandem.Principal) changeShape {
	if who.Account == 0 {
		return changeShape{}
	}
	return changeShape{AccountID: w.account.APIID}
}

// move adds what the account did by itself. What it did before is not known, so that at
// first it may be anything.
func (w *changeWatch) move(ctx context.Context, news map[changeShape]bool) error {
	now, err := w.moves.now(w.api.options.Poll*3/2, func(tandem.Movement) (tandem.Movement, error) {
		return w.api.services.Changes.MovementOf(ctx, w.account.ID)
	})
	if err != nil || seeAccounts.Check(recordOf(ctx).who) != nil {
		return err
	}
	was := w.moved
	for subject, differs := range map[string]bool{
		subjectRuns:      was == nil || now.Runs != was.Runs,
		subjectCycles:    was == nil || now.Cycles != was.Cycles,
		subjectInstalled: was == nil || now.Connectors != was.Connectors,
	} {
		if differs {
			news[changeShape{w.account.APIID, subject}] = true
		}
	}
	w.moved = &now
	return nil
}

// brief is all news in order; too many of them are everything.
func (w *changeWatch) brief(news map[changeShape]bool) []changeShape {
	all := make([]changeShape, 0, len(news))
	for c := range news {
		all = append(all, c)
	}
	if len(all) > toldChanges {
		return []changeShape{{}}
	}
	slices.SortFunc(all, func(x, y changeShape) int {
		return cmp.Or(cmp.Compare(x.AccountID, y.AccountID), cmp.Compare(x.Subject, y.Subject))
	})
	return all
}
