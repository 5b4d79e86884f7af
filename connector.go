package tandem

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
)

// LibraryConnector is a connector release in the library, with the integer ids
// by which the API names it and its parts (filled in in Connector itself).
type LibraryConnector struct {
	ID ConnectorID
	*connector.Connector
	Icon string // PNG, as a data URL; "": none. Hides the file's name
	Own  bool   // a partner's, not of the library that comes with the installation

	// Of a partner's own connectors only; see [CustomConnector].
	State     ReleaseState // "": Live
	Revision  int64
	Obstacles []string                     // what keeps it from being installed
	Refused   map[string]connector.Refusal // methods that cannot be used, by MethodUniqueIdentifier
}

// Ref is how a graph refers to c; without a name within the graph.
func (c *LibraryConnector) Ref() ConnectorRef {
	ref := ConnectorRef{Name: c.Name, Version: c.Version}
	if c.Own {
		ref.UniqueIdentifier = c.UniqueIdentifier
	}
	return ref
}

// SameAs says that c and d are releases of one connector: of the partner's own by
// the UniqueIdentifier, of the library by that or the name.
func (c *LibraryConnector) SameAs(d *LibraryConnector) bool {
	same := c.UniqueIdentifier != "" && strings.EqualFold(c.UniqueIdentifier, d.UniqueIdentifier)
	return c.Own == d.Own && (same || !c.Own && strings.EqualFold(c.Name, d.Name))
}

// With is c with copies of categories.
func (c *LibraryConnector) With(copies []connector.CategoryCopy) *LibraryConnector {
	definition := c.Connector.With(copies)
	if definition == c.Connector {
		return c
	}
	with := *c
	with.Connector = definition
	return &with
}

// Installable says why c cannot be installed. Errors: Invalid.
func (c *LibraryConnector) Installable() error {
	switch {
	case c.State == ReleaseDraft:
		return Invalidf("", "Connector %d is a draft and cannot be installed.", c.ID)
	case c.State == ReleaseDeprecated:
		return Invalidf("", "Connector %d is deprecated and cannot be installed.", c.ID)
	case len(c.Obstacles) > 0:
		return Invalidf("", "Connector %d cannot be installed: %s.", c.ID, strings.Join(c.Obstacles, "; "))
	}
	return nil
}

// Usable says why a method of c, by its MethodUniqueIdentifier, cannot be used;
// nil if it can, or is not there at all. Errors: Invalid.
func (c *LibraryConnector) Usable(guid string) error {
	if r, ok := c.Refused[strings.ToLower(guid)]; ok {
		return Invalidf("Method", "Method %q of connector %s cannot be used: %s.", r.Name, c.Name, r.Reason)
	}
	return nil
}

// FindMethod finds a method of c by its id or MethodUniqueIdentifier. Errors:
// Invalid (name is neither; a method that cannot be used), NotFound.
func (c *LibraryConnector) FindMethod(name string) (*connector.Method, error) {
	id, err := strconv.ParseInt(name, 10, 64)
	guid := ""
	if err != nil {
		if guid, err = ParseGUID("method", name); err != nil {
			return nil, Invalidf("method", "method: %q is neither an integer nor a GUID", name)
		}
	}
	for i := range c.Methods {
		if m := &c.Methods[i]; guid == "" && m.ID == id || guid != "" && strings.EqualFold(m.MethodUniqueIdentifier, guid) {
			return m, nil
		}
	}
	if err := c.Usable(guid); err != nil {
		return nil, err
	}
	return nil, NotFoundf("Method %s could not be found.", name)
}

// ConnectorFilter narrows a list of connectors or of methods.
type ConnectorFilter struct {
	PageRequest
	Query      string // part of the name or description, without regard to case
	Category   string
	WithoutOwn bool // without the partner's own

	WithoutDrafts bool // of the partner's own
}

// Shelf is the connectors that one partner may use, as they are at one moment:
// those of the installation's library and the partner's own, never another
// partner's. It does not change, and may be compared with a later one to see
// whether there is something new.
type Shelf interface {
	// Connector finds a release by its number. Errors: NotFound.
	Connector(id ConnectorID) (*LibraryConnector, error)
	// Release finds what a graph refers to: with a UniqueIdentifier, the
	// partner's own that has it; without one, that of the library, or else the
	// partner's own of that name. Errors: NotFound.
	Release(ref ConnectorRef) (*LibraryConnector, error)
	// Newer is the newest release of the connector that c is a release of, if it can
	// be installed and is newer than c; else nil.
	Newer(c *LibraryConnector) *LibraryConnector
	// Resolve finds a method by its MethodUniqueIdentifier. Errors: NotFound,
	// Invalid (a method that cannot be used).
	Resolve(ref ConnectorRef, method string) (*connector.Connector, *connector.Method, error)
}

// Library is the connectors that a partner may install.
type Library interface {
	Shelf(ctx context.Context, p PartnerID) (Shelf, error)
	List(ctx context.Context, p PartnerID, f ConnectorFilter) (Page[LibraryConnector], error)
	// Get errors: NotFound.
	Get(ctx context.Context, p PartnerID, id ConnectorID) (*LibraryConnector, error)
	// ByName gives all versions, newest first, or the one asked for, and the
	// partner's own after those of the library; an empty list if there is none.
	ByName(ctx context.Context, p PartnerID, name, version string) ([]LibraryConnector, error)
	// Method finds a method by its integer id. Errors: NotFound.
	Method(ctx context.Context, p PartnerID, id MethodID) (*LibraryConnector, *connector.Method, error)
}

// AuthenticationState says whether an account connector can be used.
type AuthenticationState string

// The states of an account connector.
const (
	NotAuthenticated AuthenticationState = "NotAuthenticated"
	Authenticated    AuthenticationState = "Authenticated"
)

// AccountConnector is a connector release installed in an account.
type AccountConnector struct {
	Account     AccountID // that owns it
	ID          AccountConnectorID
	Connector   ConnectorID
	Name        string
	Description string

	AuthenticationID int64  // of the connector's ways to authenticate; 0 the first
	AuthValue        Secret // set on what the service returns to who just set it
	State            AuthenticationState
	Note             string // what is wrong with its credentials, or why they were taken away; "": nothing is known

	Expires time.Time // when its tokens end, and no refresh token is left to get others with; zero: that is not known
	Limited time.Time // until when no call is made, since the third party answered that there are too many; zero: it did not

	// IsPartnerIntegrationConnector hides credentials and settings from
	// account users.
	IsPartnerIntegrationConnector bool
	Inherited                     bool // seen from a sub-account
	Properties                    []Property
	Categories                    []connector.CategoryCopy // copied for the account

	// Tokens are those of OAuth, and what is signed or exchanged for a key.
	// Sealed is they, AuthValue and Properties as they are kept. Only the service
	// that seals and opens them sets or reads either.
	Tokens *connector.Token `json:"-"`
	Sealed []byte           `json:"-"`
}

// Property is a value of an account connector for one of its connector's
// parameters. Sensitive values are masked unless the caller just set them.
type Property struct {
	ID        int64 // of the parameter
	Name      string
	Value     string
	Sensitive bool
}

// ConnectorInstall says how to install a connector.
type ConnectorInstall struct {
	Name                          string // "" takes the connector's
	Description                   string
	AuthenticationID              int64 // 0: the first
	AuthValue                     Secret
	Properties                    []Property // by Name
	IsPartnerIntegrationConnector bool

	// Undecided says that it is nobody's word whether the connector is the partner's
	// own product: it is if the partner's settings of it say so.
	Undecided bool

	// Unless are connectors of which the account must have none of its own that
	// is, or is not, the partner's as this one.
	Unless []ConnectorID
}

// ConnectorUpdate changes an account connector.
type ConnectorUpdate struct {
	Name             Optional[string]
	Description      Optional[string]
	AuthenticationID Optional[int64]
	AuthValue        Optional[Secret]
	Properties       []Property // by Name: these are set, others stay
	Unset            []int64    // properties by ID: these are removed
	Customer         bool       // an account user asks: see AccountConnectors.Update
}

// AccountConnectors are the connectors of an account: its own, and those of
// the accounts above it, which it may use but not change, and whose secrets it
// never sees.
type AccountConnectors interface {
	// Install errors: NotFound (connector), Invalid (a connector that is not
	// installable, property, AuthenticationId, AuthValue), Conflict (Unless).
	Install(ctx context.Context, a AccountID, c *LibraryConnector, in ConnectorInstall) (*AccountConnector, error)
	List(ctx context.Context, a AccountID) ([]AccountConnector, error)
	// Get errors: NotFound.
	Get(ctx context.Context, a AccountID, id AccountConnectorID) (*AccountConnector, error)
	// Update changes one of the account's own. When an account user changes a
	// property that is part of an address that is called, the credentials and
	// sensitive properties of before go, unless they are given anew: they were
	// given for the former address. Errors: NotFound (also when inherited),
	// Invalid.
	Update(ctx context.Context, a AccountID, id AccountConnectorID, u ConnectorUpdate) (*AccountConnector, error)
	// Test tries the credentials again, and looks properties up anew. What is
	// wrong is in the connector's State and Note. Errors: NotFound (also when
	// inherited), Invalid (it has no credentials).
	Test(ctx context.Context, a AccountID, id AccountConnectorID) (*AccountConnector, error)
	// Deauthenticate forgets the credentials. Errors: NotFound.
	Deauthenticate(ctx context.Context, a AccountID, id AccountConnectorID) (*AccountConnector, error)
	// Delete errors: NotFound, Conflict (in use by an active cycle).
	Delete(ctx context.Context, a AccountID, id AccountConnectorID) error
}
