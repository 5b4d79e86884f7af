package api

import (
	"bytes"
	"encoding/json"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

// What the audit log has of a request's body.
const (
	maxRead = 64 << 10 // longer bodies are left out; all but templates are shorter
	maxSent = 4 << 10
	cut     = "…" // ends what was too long
)

// secretNames matches properties that commonly hold secrets, or may: the values
// of a connector's properties, of variables and of mappings are anything.
var secretNames = regexp.MustCompile(`(?i)password|passwd|secret|token|authvalue|credential|authorization|recovery|key$|^(default|sample)?values?$|^code$|^pin$|^otp$`)

// hookNames matches properties that hold URLs that are their own key.
var hookNames = regexp.MustCompile(`(?i)hook.*url$`)

// urlSecrets matches the parts of a URL that may hold some.
var urlSecrets = regexp.MustCompile(`^(https?://)(?:[^/?#@]*@)?([^?#]*)([?#].*)?$`)

// secretProperties are the properties of a type, and of what is in it, that are
// secrets by their type, in lower case.
func secretProperties(t reflect.Type) map[string]bool {
	found := map[string]bool{}
	findSecrets(t, map[reflect.Type]bool{}, found)
	return found
}

func findSecrets(t reflect.Type, seen map[reflect.Type]bool, found map[string]bool) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] {
		return
	}
	seen[t] = true
	for _, f := range reflect.VisibleFields(t) {
		if f.Type == reflect.TypeFor[tandem.Secret]() || f.Type == reflect.TypeFor[*tandem.Secret]() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" {
				name = f.Name
			}
			found[strings.ToLower(name)] = true
		}
		findSecrets(f.Type, seen, found)
	}
}

// sentOf is what the audit log says of a body: its JSON without secrets, cut
// where it is long; nothing if it is no JSON.
func sentOf(body []byte, secret map[string]bool) []byte {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	if len(body) > maxRead {
		return []byte(cut)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	if text, ok := v.(string); ok {
		v = hide(text) // it has no name to tell by
	}
	text, err := json.Marshal(masked(v, secret))
	if err != nil {
		return nil
	}
	if len(text) <= maxSent {
		return text
	}
	text = text[:maxSent-len(cut)]
	for !utf8.Valid(text) {
		text = text[:len(text)-1]
	}
	return append(text, cut...)
}

// masked is v without secrets.
func masked(v any, secret map[string]bool) any {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			switch text, ok := inner.(string); {
			case secret[strings.ToLower(name)] || secretNames.MatchString(name):
				v[name] = hide(inner)
			case ok && hookNames.MatchString(name):
				v[name] = origin(text)
			default:
				v[name] = masked(inner, secret)
			}
		}
	case []any:
		for i := range v {
			v[i] = masked(v[i], secret)
		}
	case string:
		return bare(v)
	}
	return v
}

// hide tells no more than whether something is there.
func hide(v any) any {
	if v == nil || v == "" || v == true || v == false {
		return v
	}
	return mask
}

// bare is a URL without what may let somebody in, and any other text as it is.
func bare(text string) string {
	parts := urlSecrets.FindStringSubmatch(text)
	if parts == nil {
		return strings.ReplaceAll(text, "\x00", "") // which not every database takes
	}
	if parts[3] != "" {
		parts[3] = parts[3][:1] + mask
	}
	return parts[1] + parts[2] + parts[3]
}

// origin is what a URL says of where it leads, and no more.
func origin(text string) any {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return hide(text)
	}
	return u.Scheme + "://" + u.Host + "/" + mask
}
