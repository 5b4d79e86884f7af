package oauth

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Token is what a third party gave.
type Token struct {
	AccessToken    tandem.Secret
	RefreshToken   tandem.Secret // "": none, or that of before goes on
	Expires        time.Time     // zero: not known
	RefreshExpires time.Time     // zero: not known
}

// maxLifetime is the longest that is believed; beyond, it is not known.
const maxLifetime = 100 * 365 * 24 * time.Hour

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// token reads an answer. Third parties answer in JSON, as they should, or in a
// form, as some do; a few say 200 to everything, and tell an error inside.
//
// Errors: *Error.
func (a *answer) token(now time.Time, secrets []tandem.Secret) (Token, error) {
	all, err := a.members()
	if err != nil {
		if a.status >= 400 {
			return Token{}, told(a.status, "", "", secrets)
		}
		return Token{}, err
	}
	t := Token{AccessToken: tandem.Secret(all["access_token"]), RefreshToken: tandem.Secret(all["refresh_token"])}
	if a.status >= 400 || t.AccessToken == "" {
		return Token{}, a.failure(all, secrets)
	}
	if !fits(t.AccessToken) || t.RefreshToken != "" && !fits(t.RefreshToken) {
		return Token{}, unusable("the third party's token is too long, or has characters that a header cannot have")
	}
	t.Expires = after(now, all["expires_in"])
	for _, name := range []string{"refresh_token_expires_in", "refresh_expires_in", "x_refresh_token_expires_in"} {
		if t.RefreshExpires.IsZero() {
			t.RefreshExpires = after(now, all[name])
		}
	}
	return t, nil
}

func (a *answer) failure(all map[string]string, secrets []tandem.Secret) *Error {
	code, description := all["error"], all["error_description"]
	if code == "" && a.status < 400 {
		return unusable("the third party's answer has no access_token")
	}
	if a.status < 400 {
		a.status = 400
	}
	return told(a.status, code, description, secrets)
}

// members are those of an answer that are texts or numbers.
func (a *answer) members() (map[string]string, error) {
	text := bytes.TrimSpace(a.body)
	switch {
	case bytes.HasPrefix(text, []byte("{")):
		return jsonMembers(text)
	case a.kind == "text/html" || bytes.HasPrefix(text, []byte("<")):
		return nil, unusable("the third party answered with a page, not a token")
	}
	form, err := url.ParseQuery(string(text))
	if err != nil || len(form) == 0 {
		return nil, unusable("the third party's answer is neither JSON nor a form")
	}
	all := map[string]string{}
	for name := range form {
		all[name] = form.Get(name)
	}
	return all, nil
}

func jsonMembers(text []byte) (map[string]string, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var object map[string]any
	if err := d.Decode(&object); err != nil {
		return nil, &Error{Kind: Unusable, Detail: "the third party's answer is not JSON"}
	}
	all := map[string]string{}
	for name, v := range object {
		switch v := v.(type) {
		case string:
			all[name] = v
		case json.Number:
			all[name] = v.String()
		case map[string]any: // some nest the error
			if name == "error" {
				all["error"], all["error_description"] = firstText(v, "code", "type", "status"), firstText(v, "message", "description")
			}
		}
	}
	return all, nil
}

func firstText(object map[string]any, names ...string) string {
	for _, name := range names {
		switch v := object[name].(type) {
		case string, json.Number:
			return fmt.Sprint(v)
		}
	}
	return ""
}

// after is the moment so many seconds from now; zero if that is not known, or
// beyond belief.
func after(now time.Time, seconds string) time.Time {
	n, err := strconv.ParseFloat(strings.TrimSpace(seconds), 64)
	if err != nil || math.IsNaN(n) || n <= 0 || n > maxLifetime.Seconds() {
		return time.Time{}
	}
	return now.Add(time.Duration(n * float64(time.Second))).UTC().Truncate(time.Second)
}
