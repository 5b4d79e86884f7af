package notice_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// verify says whether a request's body is from Tandem.
func verify(secret string, h http.Header, body []byte, now time.Time) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	seconds, err := strconv.ParseInt(h.Get("webhook-timestamp"), 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.%s", h.Get("webhook-id"), seconds, body)
	want := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	for _, given := range strings.Fields(h.Get("webhook-signature")) {
		if hmac.Equal([]byte(given), want) {
			return true
		}
	}
	return false
}

// The function above is the one that receivers are told to use.
func TestVerifyIsDocumented(t *testing.T) {
	own, err := os.ReadFile("verify_test.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "errors.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(own), ")\n\n")
	function, _, _ := strings.Cut(after, "\n}\n")
	if !strings.Contains(string(page), "```go\n"+function+"\n}\n```") {
		t.Error("docs/errors.md has another function")
	}
}

// A vector that others can check, too: see Standard Webhooks.
func TestVerify(t *testing.T) {
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	header := func(signature string) http.Header {
		h := http.Header{}
		h.Set("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
		h.Set("webhook-timestamp", "1614265330")
		h.Set("webhook-signature", signature)
		return h
	}
	at, body := time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`)
	const right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	for _, tt := range []struct {
		why, signature, body string
		now                  time.Time
		want                 bool
	}{
		{"right", right, string(body), at, true},
		{"with another", "v1,AAAA " + right, string(body), at.Add(4 * time.Minute), true},
		{"none", "", string(body), at, false},
		{"of another body", right, "{}", at, false},
		{"old", right, string(body), at.Add(6 * time.Minute), false},
		{"of the future", right, string(body), at.Add(-6 * time.Minute), false},
	} {
		if got := verify(secret, header(tt.signature), []byte(tt.body), tt.now); got != tt.want {
			t.Errorf("%s: %t", tt.why, got)
		}
	}
	if verify("whsec_%", header(right), body, at) {
		t.Error("a damaged secret verifies")
	}
}
