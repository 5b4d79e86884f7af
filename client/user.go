package client

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// User is an account user to make.
type User struct {
	Username  string
	FirstName string        `json:",omitempty"`
	LastName  string        `json:",omitempty"`
	Email     string        `json:",omitempty"` // "": the username, if that is an address
	Password  tandem.Secret `json:"-"`          // "": cannot sign in until one is set
	Accounts  []string      `json:",omitempty"` // API IDs
}

// UserChange changes a user. What is not set stays.
type UserChange struct {
	FirstName tandem.Optional[string]   `json:",omitzero"`
	LastName  tandem.Optional[string]   `json:",omitzero"`
	Email     tandem.Optional[string]   `json:",omitzero"`
	Accounts  tandem.Optional[[]string] `json:",omitzero"` // API IDs; access to others ends
}

// UserQuery narrows a list of users.
type UserQuery struct {
	Query   string // part of the username, names or email
	Account string // API ID: only those with access to it
}

// credentials send a password, which tandem.Secret would hide.
type credentials struct {
	Username string
	Password string `json:",omitempty"`
}

// Users lists users, each with their accounts.
func (c *Client) Users(ctx context.Context, q UserQuery) iter.Seq2[tandem.User, error] {
	return each[tandem.User](ctx, c, "/users", values(map[string]any{"query": q.Query, "account": q.Account}))
}

// User reads a user.
func (c *Client) User(ctx context.Context, id tandem.UserID) (tandem.User, error) {
	return call[tandem.User](ctx, c, http.MethodGet, path("users", id), nil)
}

// CreateUser makes a user.
func (c *Client) CreateUser(ctx context.Context, u User) (tandem.User, error) {
	return call[tandem.User](ctx, c, http.MethodPost, "/users", struct {
		User
		Password string `json:",omitempty"`
	}{u, string(u.Password)})
}

// UpdateUser changes a user.
func (c *Client) UpdateUser(ctx context.Context, id tandem.UserID, change UserChange) (tandem.User, error) {
	return call[tandem.User](ctx, c, http.MethodPut, path("users", id), change)
}

// DeleteUser deletes a user, and ends their access.
func (c *Client) DeleteUser(ctx context.Context, id tandem.UserID) error {
	return c.Do(ctx, http.MethodDelete, path("users", id), nil, nil)
}

// SetPassword sets the password of a user.
func (c *Client) SetPassword(ctx context.Context, username string, password tandem.Secret) error {
	return c.Do(ctx, http.MethodPut, "/users", credentials{username, string(password)}, nil)
}

// Usernames lists who has access to an account.
func (c *Client) Usernames(ctx context.Context, apiID string) iter.Seq2[string, error] {
	return each[string](ctx, c, path("accounts", apiID, "users"), nil)
}

// AddUser gives a user access to an account, without Administrator. A user of that
// name is made if there is none, with the password, which may be "".
func (c *Client) AddUser(ctx context.Context, apiID, username string, password tandem.Secret) error {
	return c.Do(ctx, http.MethodPut, path("accounts", apiID, "users"), credentials{username, string(password)}, nil)
}

// RemoveUser takes a user's access to an account away.
func (c *Client) RemoveUser(ctx context.Context, apiID, username string) error {
	return c.Do(ctx, http.MethodDelete, path("accounts", apiID, "users"), credentials{Username: username}, nil)
}

// SignInToken signs a browser in, once, within five minutes.
type SignInToken struct {
	Token        tandem.Secret
	ExpiresAtUTC time.Time `json:"ExpiresAtUtc"`
}

// SignInToken makes a token that signs a user in to an account. The user is made if
// there is none.
func (c *Client) SignInToken(ctx context.Context, apiID, username string) (SignInToken, error) {
	return call[SignInToken](ctx, c, http.MethodPost, path("accounts", apiID, "signintoken"), credentials{Username: username})
}
