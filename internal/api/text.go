package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

// isText says that every database can keep s: PostgreSQL takes no U+0000, and
// nothing that is not UTF-8.
func isText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// checkText refuses a request whose path, query or account is no text.
func checkText(r *http.Request) error {
	if !isText(r.URL.Path) {
		return tandem.Invalidf("", "The path is not text in UTF-8.")
	}
	for name, values := range r.URL.Query() {
		for _, v := range values {
			if !isText(name) || !isText(v) {
				return tandem.Invalidf(strings.ToValidUTF8(name, "?"), "The query is not text in UTF-8.")
			}
		}
	}
	for _, name := range accountHeaders {
		for _, v := range r.Header.Values(name) {
			if !isText(v) {
				return tandem.Invalidf(name, "%s is not text in UTF-8.", name)
			}
		}
	}
	return nil
}

// zero is U+0000 in JSON, where it cannot stand unescaped. What is not UTF-8 is
// replaced by the decoder.
const zero = `\u0000`

// holdsZero says that JSON has U+0000 in a text or name.
func holdsZero(data []byte) bool {
	for {
		at := bytes.Index(data, []byte(zero))
		if at < 0 {
			return false
		}
		slashes := at - len(bytes.TrimRight(data[:at], `\`))
		if slashes%2 == 0 { // else it is a backslash, and u0000
			return true
		}
		data = data[at+len(zero):]
	}
}

// zeroIn is the property of data that has U+0000 in it; "" if none has.
func zeroIn(data []byte) string {
	var properties map[string]json.RawMessage
	if json.Unmarshal(data, &properties) != nil {
		return ""
	}
	for name, value := range properties {
		if holdsZero(value) {
			return name
		}
	}
	return ""
}
