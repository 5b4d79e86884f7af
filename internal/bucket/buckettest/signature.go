package buckettest

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"
)

const algorithm = "AWS4-HMAC-SHA256"

// signed says whether a request has the right signature, over its body too.
func signed(r *http.Request, body []byte) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), algorithm+" ")
	parts := map[string]string{}
	for part := range strings.SplitSeq(given, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = value
	}
	stamp := r.Header.Get("X-Amz-Date")
	at, err := time.Parse("20060102T150405Z", stamp)
	hash := sum(body)
	if !ok || err != nil || time.Since(at).Abs() > 15*time.Minute || r.Header.Get("X-Amz-Content-Sha256") != hash {
		return false
	}
	scope := strings.Join([]string{stamp[:8], Region, "s3", "aws4_request"}, "/")
	names := strings.Split(parts["SignedHeaders"], ";")
	if parts["Credential"] != KeyID+"/"+scope || !slices.Contains(names, "host") || !slices.Contains(names, "x-amz-content-sha256") {
		return false
	}
	canonical := strings.Join([]string{r.Method, escape(r.URL.Path, "/"), query(r), headers(r, names), parts["SignedHeaders"], hash}, "\n")
	key := []byte("AWS4" + Secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	want := hex.EncodeToString(mac(key, strings.Join([]string{algorithm, stamp, scope, sum([]byte(canonical))}, "\n")))
	return hmac.Equal([]byte(want), []byte(parts["Signature"]))
}

func query(r *http.Request) string {
	var all []string
	for name, values := range r.URL.Query() {
		for _, v := range values {
			all = append(all, escape(name, "")+"="+escape(v, ""))
		}
	}
	slices.Sort(all)
	return strings.Join(all, "&")
}

func headers(r *http.Request, names []string) string {
	var b strings.Builder
	for _, name := range names {
		value := strings.TrimSpace(strings.Join(r.Header.Values(name), ","))
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = cmp.Or(value, r.Header.Get("Content-Length"))
		}
		b.WriteString(name + ":" + value + "\n")
	}
	return b.String()
}

// escape is for URIs, as the signature has them; plain is left as it is, too.
func escape(s, plain string) string {
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	var b strings.Builder
	for _, c := range []byte(s) {
		if strings.IndexByte(unreserved+plain, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{c})))
	}
	return b.String()
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
