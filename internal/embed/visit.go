package embed

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

// sessionParameter says in an address which of a browser's sessions is meant.
const sessionParameter = "session"

// formField carries a form's token.
const formField = "form"

// visit is a request of somebody who is signed in.
type visit struct {
	tandem.Session
	token   tandem.Secret
	account *tandem.Account
	embed   tandem.EmbedSettings
	look    tandem.Appearance
	query   url.Values // of the page, with its session
}

// link is the address of another page of the same visit.
func (v *visit) link(path string) string { return path + "?" + v.query.Encode() }

// form is the token that v's forms carry. It tells nothing of the session's.
func (v *visit) form() string {
	mac := hmac.New(sha256.New, []byte(v.token))
	mac.Write([]byte("form"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

var (
	errSignedOut = &tandem.Error{Code: tandem.Unauthenticated, Message: "Your session has ended. Open this page again from where you came."}
	errForm      = &tandem.Error{Code: tandem.Forbidden, Message: "This form is too old. Go back, load the page anew, and try again."}
)

// in serves those who are signed in. A form must be one that this visit was
// shown; what it does is known to the audit log by name.
func (e *Embed) in(name string, serve func(http.ResponseWriter, *http.Request, *visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := e.visit(r)
		if err != nil {
			e.fail(w, r, nil, err)
			return
		}
		setPolicy(w.Header(), v.embed.FrameAncestors(), "")
		if r.Method == http.MethodPost {
			if err := readForm(r); err != nil {
				e.fail(w, r, v, err)
				return
			}
			if !hmac.Equal([]byte(r.PostForm.Get(formField)), []byte(v.form())) {
				e.fail(w, r, v, errForm)
				return
			}
		}
		act := &tandem.Act{
			Who: v.Who, Account: v.Who.Account, Name: name, Object: r.URL.Path, Address: tandem.NetworkAddress(r.RemoteAddr), Reads: r.Method != http.MethodPost,
		}
		if err := serve(w, r.WithContext(tandem.WithAct(r.Context(), act)), v); err != nil {
			e.fail(w, r, v, err)
		}
	}
}

func readForm(r *http.Request) error {
	err := r.ParseForm()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &tandem.Error{Code: tandem.TooLarge, Message: "The form is too large.", Err: err}
	case err != nil:
		return &tandem.Error{Code: tandem.Invalid, Message: "The form could not be read.", Err: err}
	}
	for _, values := range r.PostForm {
		for _, v := range values {
			if strings.IndexByte(v, 0) >= 0 || !utf8.ValidString(v) { // not every database takes it
				return tandem.Invalidf("", "The form holds a character that cannot be kept.")
			}
		}
	}
	return nil
}

// visit finds the session that r means: the one that its address names, or else
// the newest. Errors: Unauthenticated.
func (e *Embed) visit(r *http.Request) (*visit, error) {
	query := r.URL.Query()
	return e.visitNamed(r, query.Get(sessionParameter), query)
}

// visitNamed finds the session of a number, or else, for "", the newest; its links
// go on from query. Errors: Unauthenticated.
func (e *Embed) visitNamed(r *http.Request, named string, query url.Values) (*visit, error) {
	s, token, err := e.session(r, named)
	if err != nil {
		return nil, err
	}
	query.Set(sessionParameter, s.ID.String())
	return e.visitOf(r.Context(), *s, token, query)
}

// session is the one of a number that a browser holds, or else, for "", its newest.
// Errors: Unauthenticated.
func (e *Embed) session(r *http.Request, named string) (*tandem.Session, tandem.Secret, error) {
	for _, h := range e.holds(r) {
		if named != "" && named != h.id.String() {
			continue
		}
		if s, err := e.resume(r, h); err != nil || s != nil {
			return s, h.token, err
		}
	}
	return nil, "", errSignedOut
}

func (e *Embed) visitOf(ctx context.Context, s tandem.Session, token tandem.Secret, query url.Values) (*visit, error) {
	v := &visit{Session: s, token: token, query: query}
	set, err := e.services.Settings.Get(ctx, s.Who.Partner)
	if err != nil {
		return nil, fmt.Errorf("settings of a visit: %w", err)
	}
	v.embed, v.look = set.Embed, set.Appearance
	if v.account, err = e.services.Accounts.ByID(ctx, s.Who.Partner, s.Who.Account); err != nil {
		return nil, fmt.Errorf("account of a visit: %w", err)
	}
	return v, nil
}

// resume finds a session that a browser holds; nil if it is none, or not the one
// that its cookie is named after, or not an account user's.
func (e *Embed) resume(r *http.Request, h held) (*tandem.Session, error) {
	find := e.services.Sessions.Resume
	if tandem.Unattended(r.Header.Get) {
		find = e.services.Sessions.Look
	}
	s, err := find(r.Context(), h.token)
	switch {
	case tandem.ErrorCode(err) == tandem.Unauthenticated:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("resume session: %w", err)
	case s.ID != h.id || s.Who.User == 0 || s.Who.Account == 0:
		return nil, nil
	}
	return &s, nil
}

// Principal says which account user a request to the API is of, by the cookies
// of a browser: of the session whose screen asks, or else in the account that its
// headers name, or else of the newest session.
//
// Errors: Unauthenticated (no live session, or a request from another origin that
// could change something).
func (e *Embed) Principal(r *http.Request) (tandem.Principal, error) {
	if e.origin.Check(r) != nil {
		return tandem.Principal{}, errSignedOut
	}
	if named := SessionOf(Asking(r)); named != "" {
		s, _, err := e.session(r, named)
		if err != nil {
			return tandem.Principal{}, err
		}
		return s.Who, nil
	}
	var newest *tandem.Session
	for _, h := range e.holds(r) {
		s, err := e.resume(r, h)
		if err != nil {
			return tandem.Principal{}, err
		}
		if s == nil {
			continue
		}
		is, err := e.names(r, s)
		if is || err != nil {
			return s.Who, err
		}
		if newest == nil {
			newest = s
		}
	}
	if newest == nil {
		return tandem.Principal{}, errSignedOut
	}
	return newest.Who, nil
}

// accountHeaders name the account that a request acts in.
var accountHeaders = []string{"X-Cyclr-Account", "X-Tandem-Account"}

// names says that r names the account of s, or none.
func (e *Embed) names(r *http.Request, s *tandem.Session) (bool, error) {
	var named string
	for _, h := range accountHeaders {
		named += r.Header.Get(h)
	}
	if named == "" {
		return true, nil
	}
	a, err := e.services.Accounts.ByID(r.Context(), s.Who.Partner, s.Who.Account)
	if err != nil && tandem.ErrorCode(err) != tandem.NotFound {
		return false, err
	}
	return err == nil && a.APIID == named, nil
}
