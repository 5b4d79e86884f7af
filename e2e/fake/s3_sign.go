package fake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// signed checks a signature of AWS Signature Version 4; code "": it is right.
func (s *S3) signed(r *http.Request, body []byte) (status int, code, message string) {
	parts := map[string]string{}
	algorithm, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	for _, part := range strings.Split(rest, ",") {
		name, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = v
	}
	id, scope, _ := strings.Cut(parts["Credential"], "/")
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	names := strings.Split(parts["SignedHeaders"], ";")
	switch {
	case algorithm != "AWS4-HMAC-SHA256" || err != nil:
		return http.StatusForbidden, "AccessDenied", "Access Denied"
	case id != s.AccessKeyID:
		return http.StatusForbidden, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."
	case time.Since(at).Abs() > 15*time.Minute:
		return http.StatusForbidden, "RequestTimeTooSkewed", "The difference between the request time and the server's time is too large."
	case scope != at.Format("20060102")+"/"+s.Region+"/s3/aws4_request":
		return http.StatusBadRequest, "AuthorizationHeaderMalformed", "The authorization header is malformed; the region '" + scope + "' is wrong; expecting '" + s.Region + "'"
	case r.Header.Get("X-Amz-Content-Sha256") != hexSHA256(body):
		return http.StatusBadRequest, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed."
	case strings.Contains(r.URL.RawQuery, "+"): // a space is %20
		return http.StatusForbidden, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided."
	}
	for name := range r.Header {
		if name = strings.ToLower(name); strings.HasPrefix(name, "x-amz-") && !slices.Contains(names, name) {
			return http.StatusForbidden, "AccessDenied", "There were headers present in the request which were not signed: " + name
		}
	}
	text := strings.Join([]string{algorithm, at.Format("20060102T150405Z"), scope, hexSHA256([]byte(canonical(r, names)))}, "\n")
	key := []byte("AWS4" + s.SecretAccessKey)
	for _, part := range append(strings.Split(scope, "/"), text) {
		key = hmacSHA256(key, part)
	}
	if hex.EncodeToString(key) != parts["Signature"] {
		return http.StatusForbidden, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided."
	}
	return 0, "", ""
}

// canonical is the request as it is signed. The path is that which was sent,
// the world's folder in it, and so is the host.
func canonical(r *http.Request, names []string) string {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	var query, headers []string
	for name, all := range r.URL.Query() {
		for _, v := range all {
			query = append(query, awsEscape(name, "")+"="+awsEscape(v, ""))
		}
	}
	slices.Sort(query)
	for _, name := range names {
		v := strings.Join(r.Header.Values(name), ",")
		if name == "host" {
			at, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
			v = at.String()
		}
		headers = append(headers, name+":"+strings.TrimSpace(v)+"\n")
	}
	return strings.Join([]string{
		r.Method, awsEscape(path, "/"), strings.Join(query, "&"), strings.Join(headers, ""), strings.Join(names, ";"), r.Header.Get("X-Amz-Content-Sha256"),
	}, "\n")
}

// awsEscape escapes all but letters, digits, -._~ and what stays.
func awsEscape(s, stays string) string {
	const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(plain+stays, s[i]) >= 0 {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}

func hmacSHA256(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func hexSHA256(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
