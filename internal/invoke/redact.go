package invoke

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

const (
	mask      = "***"
	minSecret = 4 // bytes of a secret that is looked for everywhere
)

// secrets are the texts to hide, in all the forms in which they can appear. A
// call has a handful, so that looking for them costs little next to the call.
type secrets struct{ forms []string }

// add hides a secret. Longer forms go first, for they may contain shorter ones.
func (s *secrets) add(secret string) {
	if len(secret) < minSecret {
		return
	}
	for _, form := range disguises(secret) {
		if !slices.Contains(s.forms, form) {
			s.forms = append(s.forms, form)
		}
	}
	slices.SortStableFunc(s.forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
}

func (s *secrets) text(t string) string {
	for _, form := range s.forms {
		if strings.Contains(t, form) {
			t = strings.ReplaceAll(t, form, mask)
		}
	}
	if !strings.ContainsAny(t, escapes) {
		return t
	}
	for _, form := range s.forms {
		t = unmask(t, form)
	}
	return t
}

func (s *secrets) bytes(b []byte) []byte {
	if !s.suspect(b) {
		return b
	}
	return []byte(s.text(string(b)))
}

// suspect says that b may have a secret in it: in a known form, or behind
// escapes.
func (s *secrets) suspect(b []byte) bool {
	if len(s.forms) == 0 {
		return false
	}
	return bytes.ContainsAny(b, escapes) || slices.ContainsFunc(s.forms, func(f string) bool { return bytes.Contains(b, []byte(f)) })
}

// document hides secrets in a document's texts, numbers and names, and says
// whether there were any. Objects and lists are changed in place.
func (s *secrets) document(v any) (_ any, found bool) {
	switch v := v.(type) {
	case string:
		t := s.text(v)
		return t, t != v
	case json.Number:
		if t := s.text(string(v)); t != string(v) {
			return t, true
		}
	case []any:
		for i := range v {
			var hit bool
			v[i], hit = s.document(v[i])
			found = found || hit
		}
	case map[string]any:
		for name, member := range v {
			clean, hit := s.document(member)
			if hidden := s.text(name); hidden != name {
				delete(v, name)
				name, hit = hidden, true
			}
			if hit {
				v[name] = clean
				found = true
			}
		}
	}
	return v, found
}

// hide takes the secrets out of an error's text.
func (x *exchange) hide(err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.Detail = x.secrets.text(e.Detail)
	}
	return err
}
