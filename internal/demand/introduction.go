package demand

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// introductionTime is how long a third party may take to be introduced to.
const introductionTime = 30 * time.Second

// Credentials are those of account connectors.
type Credentials interface {
	// Try tries the credentials of one of a's own connectors by test, and writes
	// down what that says: a note, "" if all is well, and whether they are
	// refused. Errors: NotFound, Invalid (there are none).
	Try(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, test func(context.Context) (note string, refused bool)) error
	// Update errors: NotFound, Invalid.
	Update(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, u tandem.ConnectorUpdate) (*tandem.AccountConnector, error)
}

// Introductions are what happens once a connector has credentials: they are tried
// by its PostInstallTestMethod, and its PostInstallLookup fills in properties.
type Introductions struct {
	*Service
	credentials Credentials
}

// NewIntroductions makes the service. The caller of s must not ask it in turn.
func NewIntroductions(s *Service, credentials Credentials) *Introductions {
	return &Introductions{s, credentials}
}

// AfterAuthenticate tries the credentials of one of a's own connectors, and looks
// its properties up. What the third party says to that is in the connector's state
// and note. It is not to be called within a database's transaction.
//
// Errors: NotFound; Invalid (it has no credentials).
func (s *Introductions) AfterAuthenticate(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) error {
	lc, err := s.connector(ctx, a, id)
	if err != nil || lc.PostInstallTestMethod == "" && lc.PostInstallLookup == nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, introductionTime)
	defer cancel()
	return s.credentials.Try(ctx, a, id, func(ctx context.Context) (note string, refused bool) {
		if note, refused := s.test(ctx, a, id, lc); note != "" {
			return note, refused
		}
		if err := s.lookUp(ctx, a, id, lc); err != nil {
			return fmt.Sprintf("The credentials are good, but properties could not be looked up: %s", said(err)), false
		}
		return "", false
	})
}

// LookUp fills in the properties of one of a's own connectors anew. Errors: NotFound,
// Invalid.
func (s *Introductions) LookUp(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) error {
	lc, err := s.connector(ctx, a, id)
	if err != nil {
		return err
	}
	return s.lookUp(ctx, a, id, lc)
}

// test says what is wrong with the credentials, and whether they are refused.
func (s *Introductions) test(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, lc *tandem.LibraryConnector) (note string, refused bool) {
	if lc.PostInstallTestMethod == "" {
		return "", false
	}
	_, err := s.post(ctx, a, id, lc, lc.PostInstallTestMethod)
	if err == nil {
		return "", false
	}
	var failed *invoke.Error
	if errors.As(err, &failed) && (failed.Kind == invoke.Auth || failed.Status == http.StatusUnauthorized || failed.Status == http.StatusForbidden) {
		return fmt.Sprintf("The credentials were tried, and refused: %s", said(err)), true
	}
	return fmt.Sprintf("The credentials could not be tried: %s", said(err)), false
}

// said is what an error says to people.
func said(err error) string {
	var e *tandem.Error
	if errors.As(err, &e) {
		return strings.TrimSuffix(e.Message, ".") + "."
	}
	return "something went wrong here."
}

// post calls a method that needs nothing, by name.
func (s *Introductions) post(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, lc *tandem.LibraryConnector, name string) ([]byte, error) {
	m := find(lc.Methods, func(m *connector.Method) bool { return m.Name == name })
	if m == nil {
		return nil, tandem.NotFoundf("Method %q could not be found.", name)
	}
	return s.pages(ctx, a, id, newCall(a, id, lc.Connector, m))
}

// lookUp calls the PostInstallLookup, and keeps what it gives.
func (s *Introductions) lookUp(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, lc *tandem.LibraryConnector) error {
	if lc.PostInstallLookup == nil {
		return nil
	}
	body, err := s.post(ctx, a, id, lc, lc.PostInstallLookup.Method)
	if err != nil {
		return err
	}
	doc, err := document(body)
	if err != nil {
		return err
	}
	var found []tandem.Property
	var missing []string
	for _, v := range lc.PostInstallLookup.Values {
		all, err := column(doc, v.Location)
		if err != nil {
			return err
		}
		text := ""
		for _, one := range all {
			text = cmp.Or(text, merge.Text(one))
		}
		if text == "" {
			missing = append(missing, fmt.Sprintf("the answer has no %s for %s", v.Location, v.Property))
			continue
		}
		found = append(found, tandem.Property{Name: v.Property, Value: text})
	}
	if len(found) > 0 {
		if _, err := s.credentials.Update(ctx, a, id, tandem.ConnectorUpdate{Properties: found}); err != nil {
			return err
		}
	}
	if len(missing) > 0 {
		return tandem.Invalidf("", "%s.", strings.Join(missing, "; "))
	}
	return nil
}
