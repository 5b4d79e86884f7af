package catalog

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

var _ tandem.Library = (*Library)(nil)

// Library is the connectors of an installation, the same for all partners.
type Library struct {
	releases []tandem.LibraryConnector // by name, newest first
	byID     map[tandem.ConnectorID]*tandem.LibraryConnector
	byMethod map[tandem.MethodID]method
}

type method struct {
	release *tandem.LibraryConnector
	method  *connector.Method
}

func newLibrary(releases []tandem.LibraryConnector) *Library {
	slices.SortFunc(releases, func(a, b tandem.LibraryConnector) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), compareVersions(b.Version, a.Version))
	})
	l := &Library{releases: releases, byID: map[tandem.ConnectorID]*tandem.LibraryConnector{}, byMethod: map[tandem.MethodID]method{}}
	for i := range releases {
		r := &releases[i]
		l.byID[r.ID] = r
		for j := range r.Methods {
			l.byMethod[tandem.MethodID(r.Methods[j].ID)] = method{r, &r.Methods[j]}
		}
	}
	return l
}

// List implements tandem.Library.
func (l *Library) List(_ context.Context, _ tandem.PartnerID, f tandem.ConnectorFilter) (tandem.Page[tandem.LibraryConnector], error) {
	query := strings.ToLower(f.Query)
	found := []tandem.LibraryConnector{}
	for _, r := range l.releases {
		if f.Category != "" && !slices.ContainsFunc(r.Categories, func(c string) bool { return strings.EqualFold(c, f.Category) }) {
			continue
		}
		if strings.Contains(strings.ToLower(r.Name), query) || strings.Contains(strings.ToLower(r.Description), query) {
			found = append(found, r)
		}
	}
	page := tandem.Page[tandem.LibraryConnector]{Total: len(found)}
	from := min(f.Offset(), len(found))
	page.Rows = found[from:min(from+f.Limit(), len(found))]
	return page, nil
}

// Get implements tandem.Library.
func (l *Library) Get(_ context.Context, _ tandem.PartnerID, id tandem.ConnectorID) (*tandem.LibraryConnector, error) {
	return l.Connector(id)
}

// Connector finds a release by its number. Errors: NotFound.
func (l *Library) Connector(id tandem.ConnectorID) (*tandem.LibraryConnector, error) {
	if r, ok := l.byID[id]; ok {
		return r, nil
	}
	return nil, tandem.NotFoundf("Connector %d could not be found.", id)
}

// ByName implements tandem.Library.
func (l *Library) ByName(_ context.Context, _ tandem.PartnerID, name, version string) ([]tandem.LibraryConnector, error) {
	found := []tandem.LibraryConnector{}
	for _, r := range l.releases {
		if strings.EqualFold(r.Name, name) && (version == "" || r.Version == version) {
			found = append(found, r)
		}
	}
	return found, nil
}

// Release finds the one that a graph refers to. Errors: NotFound.
func (l *Library) Release(ref tandem.ConnectorRef) (*tandem.LibraryConnector, error) {
	for i, r := range l.releases {
		if strings.EqualFold(r.Name, ref.Name) && r.Version == ref.Version {
			return &l.releases[i], nil
		}
	}
	return nil, tandem.NotFoundf("Connector %s %s is not in the library.", ref.Name, ref.Version)
}

// Method implements tandem.Library.
func (l *Library) Method(_ context.Context, _ tandem.PartnerID, id tandem.MethodID) (*tandem.LibraryConnector, *connector.Method, error) {
	if m, ok := l.byMethod[id]; ok {
		return m.release, m.method, nil
	}
	return nil, nil, tandem.NotFoundf("Method %d could not be found.", id)
}

// Resolve finds a method by its MethodUniqueIdentifier in the release that a
// graph refers to. Errors: NotFound.
func (l *Library) Resolve(ref tandem.ConnectorRef, guid string) (*connector.Connector, *connector.Method, error) {
	r, err := l.Release(ref)
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
