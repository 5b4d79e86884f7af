package tandem

import (
	"context"
	"slices"
	"time"
)

// Deployment is a visit that a vendor's program asks for, to a screen of an
// account that is shown inside the vendor's product.
type Deployment struct {
	Account            string // API ID; the account is made if there is none
	AccountName        string // of an account that is made; "": its API ID
	AccountDescription string // of an account that is made

	Username string // "": the account's built-in API user
	Password Secret // the user's, or that of one who is made

	Connectors []DeployedConnector // there, with these credentials, when the visitor comes
	Path       string              // of the screen on the service domain
}

// DeployedConnector is a connector that a Deployment wants to be there. Of one that
// is installed, what is not given stays as it is.
type DeployedConnector struct {
	Field   string // of the call, for errors
	Name    string // in the library
	Version string // "": the one that is installed, or the newest
	ConnectorInstall
}

// Visit is a sign-in to an account that waits to be used, once.
type Visit struct {
	Account string // API ID
	URL     string // signs in and shows the screen
	Token   Secret // as in URL
	Expires time.Time
}

// Deployments let people into embedded screens.
type Deployments interface {
	// Deploy makes what is not there yet of account, user and connectors. The same
	// deployment twice makes nothing twice.
	//
	// Errors: Invalid, Unauthenticated (Password), RateLimited, Conflict (the
	// account is suspended).
	Deploy(ctx context.Context, p PartnerID, d Deployment) (Visit, error)
	// SignIn lets a user into an account without a password, and makes the user
	// if there is none.
	//
	// Errors: NotFound (account), Invalid (username), Conflict (the account is
	// suspended).
	SignIn(ctx context.Context, p PartnerID, account, username string) (Visit, error)
}

// InstallableFirst puts connectors that can be installed before the others, which
// stay in their order.
func InstallableFirst(all []LibraryConnector) {
	rank := func(c *LibraryConnector) int {
		if c.Installable() != nil {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(all, func(x, y LibraryConnector) int { return rank(&x) - rank(&y) })
}
