// Package signature says whether a request comes from who it should, by what a
// connector's definition says of how it is signed.
//
// Secrets are compared in constant time, and all that is wrong with a request is
// one error, so that nobody learns by trying. What is too old is wrong, too: who
// once saw a request cannot send it again for long.
package signature

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha1" // what some third parties sign with; as an HMAC it holds
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// ErrWrong says that a request is not signed as it should be.
var ErrWrong = errors.New("signature: not signed as it should be")

// Request is what may be signed.
type Request struct {
	Method string
	URL    string // whole, as its sender has it
	Header http.Header
	Body   []byte
}

// The headers of Standard Webhooks, and what its secrets begin with.
const (
	StandardID        = "Webhook-Id"
	StandardTimestamp = "Webhook-Timestamp"
	StandardSignature = "Webhook-Signature"
	standardSecret    = "whsec_"
	standardVersion   = "v1,"
)

// Verify checks that a request is signed with secret, now.
//
// Errors: ErrWrong.
func Verify(s *connector.Signature, secret tandem.Secret, r Request, now time.Time) error {
	if secret == "" {
		if s.Optional {
			return nil
		}
		return ErrWrong
	}
	right := false
	switch s.Type {
	case connector.SignToken:
		right = token(s, secret, r)
	case connector.SignStandard:
		right = standard(s, secret, r, now)
	case connector.SignHMAC:
		right = signed(s, secret, r, now)
	}
	if !right {
		return ErrWrong
	}
	return nil
}

func token(s *connector.Signature, secret tandem.Secret, r Request) bool {
	got := r.Header.Get(s.Header)
	if s.Query != "" {
		u, err := url.Parse(r.URL)
		if err != nil {
			return false
		}
		got = u.Query().Get(s.Query)
	}
	got, ok := strings.CutPrefix(got, s.Prefix)
	return ok && subtle.ConstantTimeCompare([]byte(got), []byte(secret)) == 1
}

// signed checks an HMAC.
func signed(s *connector.Signature, secret tandem.Secret, r Request, now time.Time) bool {
	parts, timestamp := partsOf(s, r), ""
	if s.TimestampHeader != "" || s.TimestampPrefix != "" {
		if timestamp = when(s, parts, r.Header); !recent(timestamp, s.Tolerance, now) {
			return false
		}
	}
	return matches(parts, s.Prefix, s.Encoding, sum(s, secret, r, timestamp))
}

// partsOf are those of the header.
func partsOf(s *connector.Signature, r Request) []string {
	value := r.Header.Get(s.Header)
	if s.Separator == "" {
		return []string{value}
	}
	return strings.Split(value, s.Separator)
}

func sum(s *connector.Signature, secret tandem.Secret, r Request, timestamp string) []byte {
	mac := hmac.New(algorithm(s.Algorithm), []byte(secret))
	write(mac, cmp.Or(s.Content, "{{"+connector.SignedBody+"}}"), r, timestamp)
	return mac.Sum(nil)
}

// Mark is what two requests with an HMAC have in common only if the same was signed,
// however they say it.
func Mark(s *connector.Signature, secret tandem.Secret, r Request) string {
	hash := sha256.Sum256(sum(s, secret, r, when(s, partsOf(s, r), r.Header)))
	return hex.EncodeToString(hash[:])
}

// when is the time that a request says, as it says it; "" for none.
func when(s *connector.Signature, parts []string, h http.Header) string {
	switch {
	case s.TimestampHeader != "":
		return h.Get(s.TimestampHeader)
	case s.TimestampPrefix == "":
		return ""
	}
	for _, p := range parts {
		if t, ok := strings.CutPrefix(strings.TrimSpace(p), s.TimestampPrefix); ok {
			return t
		}
	}
	return ""
}

// millis is from when on a number is taken for milliseconds: as seconds it would
// be the year 5138.
const millis = 100_000_000_000

// recent says whether a time is near enough to now.
func recent(timestamp string, tolerance int, now time.Time) bool {
	n, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return false
	}
	at := time.Unix(n, 0)
	if n >= millis {
		at = time.UnixMilli(n)
	}
	return now.Sub(at).Abs() <= time.Duration(cmp.Or(tolerance, connector.SignatureTolerance))*time.Second
}

// write writes what is signed.
func write(w hash.Hash, content string, r Request, timestamp string) {
	for rest := content; rest != ""; {
		text, after, found := strings.Cut(rest, "{{")
		w.Write([]byte(text)) // hashes take all
		if !found {
			return
		}
		var name string
		name, rest, _ = strings.Cut(after, "}}")
		switch strings.TrimSpace(name) {
		case connector.SignedBody:
			w.Write(r.Body)
		case connector.SignedURL:
			w.Write([]byte(r.URL))
		case connector.SignedMethod:
			w.Write([]byte(r.Method))
		case connector.SignedTimestamp:
			w.Write([]byte(timestamp))
		}
	}
}

// matches says whether one of the parts is the sum.
func matches(parts []string, prefix string, encoding connector.SignatureEncoding, sum []byte) bool {
	found := 0
	for _, p := range parts {
		text, ok := strings.CutPrefix(strings.TrimSpace(p), prefix)
		if !ok {
			continue
		}
		got, err := decode(text, encoding)
		if err == nil {
			found |= subtle.ConstantTimeCompare(got, sum)
		}
	}
	return found == 1
}

func decode(text string, encoding connector.SignatureEncoding) ([]byte, error) {
	if encoding == connector.Base64Signature {
		return base64.StdEncoding.DecodeString(text)
	}
	return hex.DecodeString(text)
}

func algorithm(a connector.SignatureAlgorithm) func() hash.Hash {
	switch a {
	case connector.HMACSHA1:
		return sha1.New
	case connector.HMACSHA512:
		return sha512.New
	case connector.HMACSHA256:
	}
	return sha256.New
}

// standard checks what Standard Webhooks says.
func standard(s *connector.Signature, secret tandem.Secret, r Request, now time.Time) bool {
	id, timestamp := r.Header.Get(StandardID), r.Header.Get(StandardTimestamp)
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(string(secret), standardSecret))
	if err != nil || len(key) == 0 || id == "" || !recent(timestamp, s.Tolerance, now) {
		return false
	}
	parts := strings.Fields(r.Header.Get(StandardSignature))
	return matches(parts, standardVersion, connector.Base64Signature, standardSum(key, id, timestamp, r.Body))
}

func standardSum(key []byte, id, timestamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return mac.Sum(nil)
}
