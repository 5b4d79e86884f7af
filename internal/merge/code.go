package merge

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"html"
	"net/url"
	"strings"
	"unicode/utf8"
)

// encodings are the functions that write and read what others do.
func encodings() []function {
	return []function{
		{
			name: "json", doc: "As JSON.", takes: whole, bind: bindJSON,
			examples: []example{{"{{Tags | json}}", `["red","green"]`}, {"{{Query | json}}", `"a b\u0026c"`}},
		},
		{
			name: "urlencode", doc: "Escaped for a URL.", bind: text(urlEncode),
			examples: []example{{"{{Query | urlencode}}", "a%20b%26c"}},
		},
		{
			name: "base64", doc: "In Base64.", bind: text(base64Encode),
			examples: []example{{"{{Query | base64}}", "YSBiJmM="}},
		},
		{
			name: "md5", doc: "The MD5 hash in hexadecimal; for checksums, not for secrets.", bind: text(md5Hex),
			examples: []example{{"{{Codes | first | md5}}", "51718398f14c2c7248fa166b1c749400"}},
		},
		{
			name: "sha256", doc: "The SHA-256 hash in hexadecimal.", bind: text(sha256Hex),
			examples: []example{{"{{Tags | first | sha256}}", "b1f51a511f1da0cd348b8f8598db32e61cb963e5fc69e2b41485bf99590ed75a"}},
		},
		{
			name: "unjson", doc: "JSON read: a list or an object that other functions work on.", bind: bindUnJSON,
			examples: []example{{`{{Missing | default:'[3,4]' | unjson | last}}`, `4`}},
		},
		{
			name: "urldecode", doc: "Read from a URL.", bind: decoded("is not escaped as in a URL", url.PathUnescape),
			examples: []example{{`{{Query | urlencode | urldecode}}`, `a b&c`}},
		},
		{
			name: "unbase64", doc: "Read from Base64, that of URLs too.", bind: decoded("is not Base64", unBase64),
			examples: []example{{`{{Query | base64 | unbase64}}`, `a b&c`}},
		},
		{
			name: "htmlescape", doc: "Escaped for HTML.", bind: text(html.EscapeString),
			examples: []example{{`{{Query | htmlescape}}`, `a b&amp;c`}},
		},
		{
			name: "sha1", doc: "The SHA-1 hash in hexadecimal; for checksums, not for secrets.", bind: text(sha1Hex),
			examples: []example{{`{{Codes | first | sha1}}`, `1bd666a395a45955a30af87360ff4202a5b546c3`}},
		},
		{
			name: "sha512", doc: "The SHA-512 hash in hexadecimal.", bind: text(sha512Hex),
			examples: []example{{`{{Tags | first | sha512 | substring:0:16}}`, `bcc757401484b5c7`}},
		},
	}
}

func urlEncode(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func base64Encode(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func md5Hex(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

func sha256Hex(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func bindJSON([]string) (apply, error) {
	return func(v any) (any, error) {
		b, err := json.Marshal(v)
		if err != nil {
			return nil, errors.New("the value cannot be written as JSON")
		}
		return bounded(string(b))
	}, nil
}

func sha1Hex(s string) string {
	sum := sha1.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

func sha512Hex(s string) string {
	sum := sha512.Sum512([]byte(s))
	return hex.EncodeToString(sum[:])
}

// decoded makes a function that reads a text, which may be wrong.
func decoded(wrong string, f func(string) (string, error)) func([]string) (apply, error) {
	return func([]string) (apply, error) {
		return func(v any) (any, error) {
			s, err := f(Text(v))
			if err != nil || !utf8.ValidString(s) {
				return nil, errors.New("the value " + wrong)
			}
			return s, nil
		}, nil
	}
}

func unBase64(s string) (string, error) {
	s = strings.NewReplacer("-", "+", "_", "/", "=", "", "\n", "", "\r", "").Replace(s)
	b, err := base64.RawStdEncoding.DecodeString(s)
	return string(b), err
}

func bindUnJSON([]string) (apply, error) {
	return func(v any) (any, error) {
		s, ok := v.(string)
		if !ok || s == "" {
			return v, nil
		}
		d := json.NewDecoder(bytes.NewReader([]byte(s)))
		d.UseNumber()
		var read any
		if err := d.Decode(&read); err != nil || d.More() {
			return nil, errors.New("the value is not JSON")
		}
		return read, nil
	}, nil
}
