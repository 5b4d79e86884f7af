package catalog

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/cache"
)

var _ tandem.Shelf = (*shelf)(nil)

// shelf is some releases, in order, and those of another shelf beneath them. It
// never changes.
type shelf struct {
	beneath  *shelf // the installation's library; nil: this is it
	revision int64  // of the partner's own connectors
	releases []tandem.LibraryConnector
	byID     map[tandem.ConnectorID]*tandem.LibraryConnector
	byMethod map[tandem.MethodID]method
	copies   *cache.Cache[copied, *tandem.LibraryConnector]
}

type method struct {
	release *tandem.LibraryConnector
	method  *connector.Method
}

func newShelf(beneath *shelf, revision int64, releases []tandem.LibraryConnector) *shelf {
	slices.SortFunc(releases, byName)
	s := &shelf{
		beneath: beneath, revision: revision, releases: releases,
		byID: map[tandem.ConnectorID]*tandem.LibraryConnector{}, byMethod: map[tandem.MethodID]method{},
		copies: cache.New[copied, *tandem.LibraryConnector](maxCopies, 0),
	}
	for i := range releases {
		r := &releases[i]
		s.byID[r.ID] = r
		for j := range r.Methods {
			s.byMethod[tandem.MethodID(r.Methods[j].ID)] = method{r, &r.Methods[j]}
		}
	}
	return s
}

// byName orders releases by name, newest first.
func byName(a, b tandem.LibraryConnector) int {
	return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), compareVersions(b.Version, a.Version))
}

// all are the releases, those beneath first.
func (s *shelf) all() iter.Seq[*tandem.LibraryConnector] {
	return func(yield func(*tandem.LibraryConnector) bool) {
		for at := range s.layers() {
			for i := range at.releases {
				if !yield(&at.releases[i]) {
					return
				}
			}
		}
	}
}

func (s *shelf) layers() iter.Seq[*shelf] {
	return func(yield func(*shelf) bool) {
		if s.beneath != nil && !yield(s.beneath) {
			return
		}
		yield(s)
	}
}

// with is a shelf that has one more of the partner's own, without numbers.
func (s *shelf) with(r tandem.LibraryConnector) *shelf {
	if s.beneath == nil {
		return newShelf(s, 0, []tandem.LibraryConnector{r})
	}
	return newShelf(s.beneath, s.revision, append(slices.Clone(s.releases), r))
}

// named says whether one of the partner's own has a name and version.
func (s *shelf) named(name, version string) bool {
	return s.beneath != nil && slices.ContainsFunc(s.releases, func(r tandem.LibraryConnector) bool {
		return strings.EqualFold(r.Name, name) && r.Version == version
	})
}

// Connector implements tandem.Shelf.
func (s *shelf) Connector(id tandem.ConnectorID) (*tandem.LibraryConnector, error) {
	for at := range s.layers() {
		if r, ok := at.byID[id]; ok {
			return r, nil
		}
	}
	return nil, tandem.NotFoundf("Connector %d could not be found.", id)
}

// Method finds a method by its number. Errors: NotFound.
func (s *shelf) Method(id tandem.MethodID) (*tandem.LibraryConnector, *connector.Method, error) {
	for at := range s.layers() {
		if m, ok := at.byMethod[id]; ok {
			return m.release, m.method, nil
		}
	}
	return nil, nil, tandem.NotFoundf("Method %d could not be found.", id)
}

// Release implements tandem.Shelf.
func (s *shelf) Release(ref tandem.ConnectorRef) (*tandem.LibraryConnector, error) {
	var found *tandem.LibraryConnector
	for r := range s.all() {
		switch {
		case r.Version != ref.Version:
		case ref.UniqueIdentifier != "":
			// What is the partner's own comes last, and wins: it may have
			// another name by now, but what is the library's may not.
			if strings.EqualFold(r.UniqueIdentifier, ref.UniqueIdentifier) && (r.Own || strings.EqualFold(r.Name, ref.Name)) {
				found = r
			}
		case found == nil && strings.EqualFold(r.Name, ref.Name):
			found = r
		}
	}
	if found == nil {
		return nil, tandem.NotFoundf("Connector %s %s is not in the library.", ref.Name, ref.Version)
	}
	return s.copiedInto(found, ref.Categories)
}

// Resolve implements tandem.Shelf.
func (s *shelf) Resolve(ref tandem.ConnectorRef, guid string) (*connector.Connector, *connector.Method, error) {
	r, err := s.Release(ref)
	if err != nil {
		return nil, nil, err
	}
	for i := range r.Methods {
		m := &r.Methods[i]
		if strings.EqualFold(m.MethodUniqueIdentifier, guid) {
			return r.Connector, m, nil
		}
		if strings.EqualFold(m.Name, guid) {
			return nil, nil, tandem.NotFoundf("The method %s of connector %s %s is known by its MethodUniqueIdentifier, %s.", m.Name, ref.Name, ref.Version, m.MethodUniqueIdentifier)
		}
	}
	if err := r.Usable(guid); err != nil {
		return nil, nil, err
	}
	return nil, nil, tandem.NotFoundf("Connector %s %s has no method %s.", ref.Name, ref.Version, guid)
}

// compareVersions compares part by part between dots, numbers as numbers.
func compareVersions(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		m, err1 := strconv.Atoi(x[i])
		n, err2 := strconv.Atoi(y[i])
		order := cmp.Compare(m, n)
		if err1 != nil || err2 != nil {
			order = strings.Compare(x[i], y[i])
		}
		if order != 0 {
			return order
		}
	}
	return cmp.Compare(len(x), len(y))
}
