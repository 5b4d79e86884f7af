package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

var _ tandem.ConnectorReleases = (*Releases)(nil)

// ReleaseStore keeps releases of partners' own connectors.
type ReleaseStore interface {
	CustomStore
	// ConnectorReleases lists all that have the UniqueIdentifier of id, in no
	// order. Errors: NotFound.
	ConnectorReleases(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) ([]tandem.ConnectorRelease, error)
	// PromoteConnector makes a draft live. Decide sees it, and the others of its
	// connector, and changes them; those that it gives are saved, and the first of
	// them is live now: the draft, or what it takes the place of, when the draft
	// goes. Errors: NotFound, Conflict, decide's.
	PromoteConnector(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID, made tandem.ConnectorPromotion,
		decide func(draft *tandem.CustomConnector, others []tandem.ConnectorRelease, used func(*tandem.CustomConnector) (map[string]bool, error)) ([]tandem.NewConnector, error),
	) (tandem.CustomConnector, error)
}

// Releases is the service of releases. It is safe for concurrent use.
type Releases struct {
	log     *slog.Logger
	store   ReleaseStore
	library *Library
}

// NewReleases makes the service; what it changes, the library gives out.
func NewReleases(log *slog.Logger, store ReleaseStore, library *Library) *Releases {
	return &Releases{log: log, store: store, library: library}
}

// List implements tandem.ConnectorReleases.
func (s *Releases) List(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) ([]tandem.ConnectorRelease, error) {
	all, err := s.store.ConnectorReleases(ctx, p, id)
	if err != nil {
		return nil, fmt.Errorf("releases of connector %d: %w", id, err)
	}
	slices.SortFunc(all, func(a, b tandem.ConnectorRelease) int { return compareVersions(b.Version, a.Version) })
	return all, nil
}

// Draft implements tandem.ConnectorReleases.
func (s *Releases) Draft(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID) (*tandem.CustomConnector, error) {
	all, err := s.List(ctx, p, id)
	if err != nil {
		return nil, err
	}
	var of *tandem.ConnectorRelease
	for i := range all {
		if all[i].State == tandem.ReleaseDraft {
			return nil, tandem.Conflictf("There is a draft of the connector already: %d, version %s.", all[i].ID, all[i].Version)
		}
		if all[i].ID == id {
			of = &all[i]
		}
	}
	c, err := s.store.PutCustomConnector(ctx, p, 0, func(c *tandem.CustomConnector, _ bool) (*connector.Connector, error) {
		document := maps.Clone(of.Document)
		document["Version"], document["ReleaseStatus"] = quoted(next(all)), quoted(string(tandem.ReleaseDraft))
		delete(document, "ReleaseNotes")
		delete(document, "Status")
		c.Created = time.Now().UTC().Truncate(time.Microsecond)
		return s.put(c, document)
	})
	if err != nil {
		return nil, fmt.Errorf("draft of connector %d: %w", id, err)
	}
	s.library.Forget(p)
	s.log.InfoContext(ctx, "draft of a custom connector begun", "partner", p, "connector", c.ID, "of", id)
	return &c, nil
}

// put makes document that of c, and gives what can be used of it.
func (s *Releases) put(c *tandem.CustomConnector, document map[string]json.RawMessage) (*connector.Connector, error) {
	if err := apply(c, document); err != nil {
		return nil, err
	}
	custom, err := s.library.read(c)
	if err != nil {
		return nil, err
	}
	c.Version, c.Unsupported = custom.Version, custom.Unsupported()
	return custom.Connector, nil
}

func quoted(text string) json.RawMessage {
	data, _ := json.Marshal(text) // texts can always be encoded
	return data
}

// next is the version after all of these: that of the newest with its first number
// one more, and no others that count.
func next(all []tandem.ConnectorRelease) string {
	first, _, _ := strings.Cut(all[0].Version, ".")
	if n, err := strconv.Atoi(first); err == nil && n >= 0 {
		return strconv.Itoa(n+1) + ".0"
	}
	return all[0].Version + ".1"
}

// Promote implements tandem.ConnectorReleases.
func (s *Releases) Promote(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID, kind tandem.PromotionKind, notes string) (*tandem.CustomConnector, error) {
	if kind != tandem.MinorPromotion && kind != tandem.MajorPromotion {
		return nil, tandem.Invalidf("Kind", "Kind: %q is not known: want Minor or Major", kind)
	}
	made := tandem.ConnectorPromotion{Kind: kind, Notes: notes}
	live, err := s.store.PromoteConnector(ctx, p, id, made, func(draft *tandem.CustomConnector, others []tandem.ConnectorRelease, used func(*tandem.CustomConnector) (map[string]bool, error)) ([]tandem.NewConnector, error) {
		slices.SortFunc(others, func(a, b tandem.ConnectorRelease) int { return compareVersions(b.Version, a.Version) })
		others = slices.DeleteFunc(others, func(r tandem.ConnectorRelease) bool { return r.State != tandem.ReleaseLive })
		if kind == tandem.MajorPromotion {
			return s.major(draft, others, notes)
		}
		if len(others) == 0 {
			return nil, tandem.Invalidf("Kind", "Kind: there is no live release that a minor one could take the place of. Promote it as Major.")
		}
		return s.minor(draft, &others[0], notes, used)
	})
	if err != nil {
		return nil, fmt.Errorf("promote connector %d: %w", id, err)
	}
	s.library.Forget(p)
	s.log.InfoContext(ctx, "custom connector promoted", "partner", p, "connector", live.ID, "kind", kind, "version", live.Version)
	return &live, nil
}

// major makes draft live beside the releases that were.
func (s *Releases) major(draft *tandem.CustomConnector, live []tandem.ConnectorRelease, notes string) ([]tandem.NewConnector, error) {
	if len(live) > 0 && compareVersions(draft.Version, live[0].Version) <= 0 {
		return nil, tandem.Invalidf("Version", "Version: %s is not newer than %s, which is live.", draft.Version, live[0].Version)
	}
	now, err := s.released(draft, draft.Document, draft.Version, notes)
	if err != nil {
		return nil, err
	}
	saved := []tandem.NewConnector{now}
	for _, l := range live {
		document := maps.Clone(l.Document)
		document["ReleaseStatus"] = quoted(string(tandem.ReleaseDeprecated))
		if err := apply(&l.CustomConnector, document); err != nil {
			return nil, err
		}
		saved = append(saved, tandem.NewConnector{CustomConnector: l.CustomConnector})
	}
	return saved, nil
}

// minor puts what draft says in the place of live.
func (s *Releases) minor(draft *tandem.CustomConnector, live *tandem.ConnectorRelease, notes string, used func(*tandem.CustomConnector) (map[string]bool, error)) ([]tandem.NewConnector, error) {
	was, err := s.library.read(&live.CustomConnector)
	if err != nil {
		return nil, err
	}
	now, err := s.released(&live.CustomConnector, draft.Document, live.Version, notes)
	if err != nil {
		return nil, err
	}
	methods, err := used(&live.CustomConnector)
	if err != nil {
		return nil, err
	}
	if live.Installed == 0 {
		was.Authentication, was.Parameters = nil, nil // nobody has given any
	}
	lost := now.Definition.Incompatible(was.Connector, func(guid string) bool { return methods[strings.ToLower(guid)] })
	if what := redirected(was.Connector, now.Definition); what != "" && live.Installed > 0 {
		lost = append(lost, "its users' credentials would go elsewhere: "+what)
	}
	if len(lost) > 0 {
		return nil, tandem.Conflictf("The release is not a minor one: %s. Promote it as Major.", strings.Join(lost, "; "))
	}
	return []tandem.NewConnector{now}, nil
}

// released is c, live, with what a document says but its version. Errors: Invalid
// (it cannot be installed).
func (s *Releases) released(c *tandem.CustomConnector, document map[string]json.RawMessage, version, notes string) (tandem.NewConnector, error) {
	now := tandem.NewConnector{CustomConnector: *c}
	now.Document = nil // nothing of before stays
	document = maps.Clone(document)
	document["Version"], document["ReleaseStatus"] = quoted(version), quoted(string(tandem.ReleaseLive))
	if notes != "" {
		document["ReleaseNotes"] = quoted(notes)
	}
	var err error
	if now.Definition, err = s.put(&now.CustomConnector, document); err != nil {
		return now, err
	}
	r, err := s.library.release(&now.CustomConnector)
	if err != nil {
		return now, err
	}
	return now, r.Installable()
}

// Newer implements tandem.Shelf.
func (s *shelf) Newer(c *tandem.LibraryConnector) *tandem.LibraryConnector {
	best := c
	for r := range s.all() {
		if r.SameAs(c) && r.Installable() == nil && compareVersions(r.Version, best.Version) > 0 {
			best = r
		}
	}
	if best.ID == c.ID {
		return nil
	}
	return best
}
