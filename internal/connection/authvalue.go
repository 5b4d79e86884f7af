package connection

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/oauth"
)

// Members of the AuthValue of OAuth, beside those that a person is asked for.
const (
	accessTokenMember = "AccessToken"
	oauthTokenMember  = "OAuthToken"
	oauthSecretMember = "OAuthTokenSecret"
)

// member is one that an AuthValue may have.
type member struct {
	name     string
	optional bool
}

// members are those that the AuthValue of a is an object of; nil: it is no object.
func members(a *connector.Authentication) (all []member) {
	tokens := a.AuthType == connector.AuthOAuth2
	for _, f := range a.Asked() {
		all = append(all, member{f.Name, f.Optional || tokens})
	}
	switch {
	case tokens:
		return append(all, member{accessTokenMember, true}, member{"RefreshToken", true}, member{"Expires", true}, member{"RefreshExpires", true})
	case a.AuthType == connector.AuthOAuth1:
		return []member{{oauthTokenMember, false}, {oauthSecretMember, false}}
	}
	return all
}

// readMembers reads an AuthValue that is an object. Errors never repeat it.
//
// Errors: Invalid.
func readMembers(all []member, value string) (map[string]tandem.Secret, error) {
	d := json.NewDecoder(strings.NewReader(value))
	d.UseNumber()
	var object map[string]any
	if err := d.Decode(&object); err != nil || object == nil || d.More() {
		return nil, tandem.Invalidf("AuthValue", "AuthValue: must be a JSON object with %s.", names(all))
	}
	read := map[string]tandem.Secret{}
	for name, v := range object {
		i := slices.IndexFunc(all, func(m member) bool { return strings.EqualFold(m.name, name) })
		if i < 0 {
			return nil, tandem.Invalidf("AuthValue", "AuthValue: has a member that is not known; it is a JSON object with %s.", names(all))
		}
		if _, twice := read[all[i].name]; twice {
			return nil, tandem.Invalidf("AuthValue", "AuthValue: %s is there twice.", all[i].name)
		}
		switch v := v.(type) {
		case string:
			read[all[i].name] = tandem.Secret(v)
		case json.Number:
			read[all[i].name] = tandem.Secret(v.String())
		case nil:
		default:
			return nil, tandem.Invalidf("AuthValue", "AuthValue: %s must be a text.", all[i].name)
		}
	}
	return read, nil
}

// names lists members for people.
func names(all []member) string {
	var b strings.Builder
	for i, m := range all {
		if i > 0 {
			b.WriteString(", ")
		}
		if b.WriteString(m.name); m.optional {
			b.WriteString(" (optional)")
		}
	}
	return b.String()
}

// required errors: Invalid.
func required(all []member, read map[string]tandem.Secret) error {
	for _, m := range all {
		if !m.optional && read[m.name] == "" {
			return tandem.Invalidf("AuthValue", "AuthValue: %s is required.", m.name)
		}
	}
	return nil
}

// isEmptyObject says that a value asks for credentials to be got.
func isEmptyObject(value string) bool {
	object, ok := strings.CutPrefix(strings.TrimSpace(value), "{")
	return ok && strings.TrimSpace(object) == "}"
}

// checkObject checks an AuthValue whose members are all that it is.
func checkObject(a *connector.Authentication, value string) error {
	all := members(a)
	read, err := readMembers(all, value)
	if err == nil {
		err = required(all, read)
	}
	if err != nil {
		return err
	}
	switch a.AuthType {
	case connector.AuthJWT:
		return fieldError(oauth.CheckKey(a, read[connector.PrivateKeyMember]))
	case connector.AuthMutualTLS:
		if _, err := tls.X509KeyPair([]byte(read[connector.CertificateMember]), []byte(read[connector.PrivateKeyMember])); err != nil {
			return tandem.Invalidf("AuthValue", "AuthValue: Certificate and PrivateKey must be PEM, and belong together.")
		}
	default:
		for name, v := range read {
			if checkText(string(v)) != nil && a.AuthType != connector.AuthFields { // they go into headers
				return tandem.Invalidf("AuthValue", "AuthValue: %s must not hold line breaks or other control characters.", name)
			}
		}
	}
	return nil
}

func fieldError(err error) error {
	var e *oauth.Error
	if errors.As(err, &e) {
		return tandem.Invalidf("AuthValue", "AuthValue: %s.", e.Detail)
	}
	return err
}

// readToken reads the AuthValue of OAuth 2.0: a token itself, or an object of
// tokens, or of what to get one with. What is kept of it beside the tokens is
// given back.
//
// Errors: Invalid.
func readToken(a *connector.Authentication, value string) (t *connector.Token, kept tandem.Secret, err error) {
	if !strings.HasPrefix(strings.TrimSpace(value), "{") {
		if err := checkToken(accessTokenMember, value); err != nil {
			return nil, "", err
		}
		return &connector.Token{AccessToken: value}, "", nil
	}
	read, err := readMembers(members(a), value)
	if err != nil {
		return nil, "", err
	}
	if a.OAuth2Type == connector.PasswordCredentials && (read[connector.UsernameMember] != "" || read[accessTokenMember] == "" && read["RefreshToken"] == "") {
		if err := required([]member{{connector.UsernameMember, false}, {connector.PasswordMember, false}}, read); err != nil {
			return nil, "", err
		}
		kept = object(map[string]tandem.Secret{connector.UsernameMember: read[connector.UsernameMember], connector.PasswordMember: read[connector.PasswordMember]})
	}
	if read[accessTokenMember] == "" && read["RefreshToken"] == "" {
		return nil, kept, nil
	}
	t = &connector.Token{AccessToken: string(read[accessTokenMember]), RefreshToken: string(read["RefreshToken"])}
	for name, text := range map[string]string{accessTokenMember: t.AccessToken, "RefreshToken": t.RefreshToken} {
		if text == "" {
			continue
		}
		if err := checkToken(name, text); err != nil {
			return nil, "", err
		}
	}
	if t.Expires, err = readTime("Expires", string(read["Expires"])); err != nil {
		return nil, "", err
	}
	t.RefreshExpires, err = readTime("RefreshExpires", string(read["RefreshExpires"]))
	return t, kept, err
}

func checkToken(name, token string) error {
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return tandem.Invalidf("AuthValue", "AuthValue: %s must not hold spaces, line breaks, or letters beyond ASCII.", name)
	}
	return nil
}

// readTime reads a time as people write it, in UTC if they do not say.
func readTime(name, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Format(time.RFC3339), nil
		}
	}
	return "", tandem.Invalidf("AuthValue", "AuthValue: %s must be a time such as 2026-11-21T15:04:05Z.", name)
}

// object is the JSON of members.
func object(all map[string]tandem.Secret) tandem.Secret {
	plain := map[string]string{}
	for name, v := range all {
		plain[name] = string(v)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(plain) // texts can always be encoded
	return tandem.Secret(bytes.TrimSpace(b.Bytes()))
}
