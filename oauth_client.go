package tandem

import (
	"context"
	"time"
)

// MaxOAuthClients is how many a partner has at most.
const MaxOAuthClients = 5

// OAuthClient is a partner's own program that may ask for tokens.
type OAuthClient struct {
	ID         string    `json:"Id"`
	Partner    PartnerID `json:"-"`
	Name       string
	SecretHash []byte    `json:"-"` // SHA-256 of a random secret
	Created    time.Time `json:"CreatedDate"`
}

// LiveToken is what is known of an access token that works yet. The token itself is
// not kept.
type LiveToken struct {
	ID          string    `json:"Id" doc:"Names the token in this list; it opens nothing."`
	AccountID   *string   `json:"AccountId" doc:"The account that it works for alone; null: all."`
	AccountName *string   `doc:"Of the account."`
	Issued      time.Time `json:"IssuedDate" doc:"When it was got."`
	Expires     time.Time `json:"ExpiresDate" doc:"When it ends by itself."`
}

// OAuthClients are a partner's own programs. A secret is shown once.
type OAuthClients interface {
	// List gives them by name.
	List(ctx context.Context, p PartnerID) ([]OAuthClient, error)
	// Get errors: NotFound.
	Get(ctx context.Context, p PartnerID, id string) (OAuthClient, error)
	// Create errors: Invalid (Name; there are MaxOAuthClients).
	Create(ctx context.Context, p PartnerID, name string) (OAuthClient, Secret, error)
	// Rename errors: NotFound, Invalid.
	Rename(ctx context.Context, p PartnerID, id, name string) (OAuthClient, error)
	// Rotate gives a client another secret. The one before, and its tokens,
	// are void. Errors: NotFound.
	Rotate(ctx context.Context, p PartnerID, id string) (OAuthClient, Secret, error)
	// Delete ends the client's tokens too. Errors: NotFound.
	Delete(ctx context.Context, p PartnerID, id string) error
	// Tokens gives those of a client that work yet, newest first. Errors:
	// NotFound, Invalid (OrderBy).
	Tokens(ctx context.Context, p PartnerID, id string, r PageRequest) (Page[LiveToken], error)
	// Revoke ends one of a client's tokens. Errors: NotFound.
	Revoke(ctx context.Context, p PartnerID, id, token string) error
}
