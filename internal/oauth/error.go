package oauth

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/tandem-ipaas/tandem"
)

// Kind says what went wrong.
type Kind string

// The kinds of errors.
const (
	Refused   Kind = "refused"   // what was sent is worth nothing any more
	Transient Kind = "transient" // no answer, or none of use: may work later
	Unusable  Kind = "unusable"  // the request cannot be made or is not understood, or the answer is no token
)

// Error is a token that was not given. Detail is for people, and has no secrets.
type Error struct {
	Kind       Kind
	Code       string // of the third party, such as invalid_grant; "": none
	Detail     string
	RetryAfter time.Duration // that the answer asked for; 0: it did not
	Err        error         // the cause, if there is one beneath
}

func (e *Error) Error() string { return e.Detail }

func (e *Error) Unwrap() error { return e.Err }

func unusable(format string, args ...any) *Error {
	return &Error{Kind: Unusable, Detail: fmt.Sprintf(format, args...)}
}

// maxDetail is how much of a third party's words is told, in characters.
const maxDetail = 300

// Say makes the words of a third party fit for people: on one line, in bounds,
// and without secrets.
func Say(text string, secrets ...tandem.Secret) string {
	for _, s := range secrets {
		for _, form := range []string{string(s), url.QueryEscape(string(s))} {
			if form != "" {
				text = strings.ReplaceAll(text, form, "***")
			}
		}
	}
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if r := []rune(text); len(r) > maxDetail {
		text = string(r[:maxDetail]) + " …"
	}
	return text
}

// refusals are the codes that say of a code, a password or a refresh token that it
// is worth nothing any more. Others, such as invalid_client, can be put right.
var refusals = map[string]bool{
	"invalid_grant": true, "access_denied": true, "invalid_token": true, "bad_refresh_token": true, "bad_verification_code": true,
	"interaction_required": true, "consent_required": true, "login_required": true, "token_revoked": true, "token_rejected": true, "token_expired": true,
}

// told is the error that a third party has told.
func told(status int, code, description string, secrets []tandem.Secret) *Error {
	code, description = Say(code, secrets...), Say(description, secrets...)
	e := &Error{Kind: Unusable, Code: code, Detail: fmt.Sprintf("the third party answered %d", status)}
	if code != "" {
		e.Detail = "the third party answered " + code
		if description != "" {
			e.Detail += ": " + description
		}
	}
	switch {
	case status >= 500, status == 408, status == 425, status == 429, code == "temporarily_unavailable", code == "server_error", code == "slow_down":
		e.Kind = Transient
	case refusals[code]:
		e.Kind = Refused
	}
	return e
}
