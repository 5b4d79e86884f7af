package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// presence knows who has which design open. It is in memory, and so of the people
// who are connected to this node; the revision of a design is the database's, and
// the same for all.
type presence struct {
	mu   sync.Mutex
	open map[string][]*visitor // by design
}

// visitor is a person with a design open, in one window.
type visitor struct {
	who  tandem.Principal
	name string // "": a program, which nobody is shown
}

func newPresence() *presence { return &presence{open: map[string][]*visitor{}} }

func (p *presence) enter(design string, v *visitor) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[design] = append(p.open[design], v)
}

func (p *presence) leave(design string, v *visitor) {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := slices.DeleteFunc(p.open[design], func(x *visitor) bool { return x == v })
	if len(left) == 0 {
		delete(p.open, design)
		return
	}
	p.open[design] = left
}

// others are the names of who else has a design open. Customers are not shown the
// partner's people.
func (p *presence) others(design string, than *visitor) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	names := []string{}
	seen := map[personID]bool{than.person(): true}
	for _, v := range p.open[design] {
		hidden := v.name == "" || than.who.User != 0 && v.who.User == 0
		if id := v.person(); !hidden && !seen[id] {
			seen[id] = true
			names = append(names, v.name)
		}
	}
	slices.Sort(names)
	return names
}

// personID tells people apart, whatever window they are in.
type personID struct {
	console tandem.ConsoleUserID
	user    tandem.UserID
}

func (v *visitor) person() personID { return personID{v.who.ConsoleUser, v.who.User} }

// visitor is who asks. An account's built-in user is in no list, and has no name.
func (a *API) visitor(ctx context.Context) (*visitor, error) {
	v := &visitor{who: by(ctx)}
	switch {
	case v.who.ConsoleUser != 0:
		u, err := a.services.ConsoleUsers.Get(ctx, v.who.Partner, v.who.ConsoleUser)
		if err != nil {
			return nil, err
		}
		v.name = cmp.Or(u.Name, u.Email)
	case v.who.User != 0:
		u, err := a.services.Users.Get(ctx, v.who.Partner, v.who.User)
		if tandem.ErrorCode(err) == tandem.NotFound {
			return v, nil
		}
		if err != nil {
			return nil, err
		}
		v.name = cmp.Or(strings.TrimSpace(u.FirstName+" "+u.LastName), u.Username)
	}
	return v, nil
}

// designNews is what a live stream tells of a design.
type designNews struct {
	Revision int64
	People   []string // who else has it open
}

func (a *API) watchRelease(ctx context.Context, p tandem.PartnerID, in *ReleasePath) (*eventStream, error) {
	return a.watchDesign(ctx, string(in.ReleaseID.Value), func(ctx context.Context) (int64, error) {
		return a.services.Revisions.ReleaseRevision(ctx, p, in.ID.Value, in.ReleaseID.Value)
	})
}

func (a *API) watchCycleDesign(ctx context.Context, at policy.Place, in *CyclePath) (*eventStream, error) {
	return a.watchDesign(ctx, string(in.ID.Value), func(ctx context.Context) (int64, error) {
		return a.services.Revisions.CycleRevision(ctx, at.Account, in.ID.Value)
	})
}

// watchDesign streams the revision of a design and who else has it open, whenever
// one of them changes.
func (a *API) watchDesign(ctx context.Context, design string, revision func(context.Context) (int64, error)) (*eventStream, error) {
	if _, err := revision(ctx); err != nil {
		return nil, err
	}
	v, err := a.visitor(ctx)
	if err != nil {
		return nil, err
	}
	var told string
	stream, err := a.events(ctx, func(ctx context.Context) (string, error) {
		now, err := revision(ctx)
		if err != nil {
			return "", err
		}
		data, err := json.Marshal(designNews{now, a.presence.others(design, v)})
		if err != nil || string(data) == told {
			return "", err
		}
		told = string(data)
		return fmt.Sprintf("event: design\ndata: %s\n\n", data), nil
	})
	if err != nil {
		return nil, err
	}
	body := stream.Body
	stream.Body = func(x huma.Context) {
		a.presence.enter(design, v)
		defer a.presence.leave(design, v)
		body(x)
	}
	return stream, nil
}
