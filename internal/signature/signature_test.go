package signature_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/signature"
)

// A way to sign, with a request that is signed by it. Those of Slack, GitHub and
// Standard Webhooks are the examples of their documentation; the others were made
// with openssl, as that of the third party says.
type way struct {
	signature connector.Signature
	secret    tandem.Secret
	at        int64 // seconds
	method    string
	url, body string
	header    map[string]string
}

var ways = map[string]way{
	"Slack": {
		connector.Signature{Type: connector.SignHMAC, Header: "X-Slack-Signature", Prefix: "v0=", Content: "v0:{{Timestamp}}:{{Body}}", TimestampHeader: "X-Slack-Request-Timestamp"},
		"8f742231b10e8888abcd99yyyzzz85a5", 1531420618, "POST", "https://a.example/hook",
		"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
		map[string]string{"X-Slack-Request-Timestamp": "1531420618", "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"},
	},
	"GitHub": {
		connector.Signature{Type: connector.SignHMAC, Header: "X-Hub-Signature-256", Prefix: "sha256="},
		"It's a Secret to Everybody", 1700000000, "POST", "https://a.example/hook", "Hello, World!",
		map[string]string{"X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"},
	},
	"Standard Webhooks": {
		connector.Signature{Type: connector.SignStandard},
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330, "POST", "https://a.example/hook", `{"test": 2432232314}`,
		map[string]string{"Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "Webhook-Timestamp": "1614265330", "Webhook-Signature": "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
	},
	"Stripe": {
		connector.Signature{Type: connector.SignHMAC, Header: "Stripe-Signature", Separator: ",", Prefix: "v1=", Content: "{{Timestamp}}.{{Body}}", TimestampPrefix: "t="},
		"whsec_test", 1492774577, "POST", "https://a.example/hook", `{"id":"evt_1"}`,
		map[string]string{"Stripe-Signature": "t=1492774577,v1=7656fc2882a7ca0a651666b36bf2f2f22ee204f54f608f227498a2419f2890b2,v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39"},
	},
	"HubSpot": {
		connector.Signature{Type: connector.SignHMAC, Header: "X-HubSpot-Signature-v3", Encoding: connector.Base64Signature, Content: "{{Method}}{{Url}}{{Body}}{{Timestamp}}", TimestampHeader: "X-HubSpot-Request-Timestamp"},
		"client-secret", 1700000000, "POST", "https://a.example/hook?a=1", `[{"eventId":1}]`,
		map[string]string{"X-HubSpot-Request-Timestamp": "1700000000123", "X-HubSpot-Signature-v3": "r0tHNNig9O7rD4nPKyiWjqgdm/xnRCg/82WlbT6uG5A="},
	},
	"Trello": {
		connector.Signature{Type: connector.SignHMAC, Header: "X-Trello-Webhook", Algorithm: connector.HMACSHA1, Encoding: connector.Base64Signature, Content: "{{Body}}{{Url}}"},
		"app-secret", 1700000000, "POST", "https://a.example/hook", `{"action":{"id":"1"}}`,
		map[string]string{"X-Trello-Webhook": "Hsus0qpecEigzW8Z3pH2gYInEfc="},
	},
	"SHA-512": {
		connector.Signature{Type: connector.SignHMAC, Header: "X-Signature", Algorithm: connector.HMACSHA512},
		"s3cret", 1700000000, "POST", "https://a.example/hook", "a",
		map[string]string{"X-Signature": "49889c069096ed14979e17bdcaa8273c891a572c6a7719c0703732e6d7b85603c30199112bda512df9f3c413635657e9badade7e78912a4fde20d78b2c8c8220"},
	},
	"token in a header": {
		connector.Signature{Type: connector.SignToken, Header: "Authorization", Prefix: "Bearer "},
		"s3cret", 1700000000, "POST", "https://a.example/hook", "a", map[string]string{"Authorization": "Bearer s3cret"},
	},
	"token in the query": {
		connector.Signature{Type: connector.SignToken, Query: "token"},
		"s3cret+", 1700000000, "POST", "https://a.example/hook?token=s3cret%2B&b=c", "a", nil,
	},
}

func (w way) request() signature.Request {
	r := signature.Request{Method: w.method, URL: w.url, Header: http.Header{}, Body: []byte(w.body)}
	for name, v := range w.header {
		r.Header.Set(name, v)
	}
	return r
}

func TestVerify(t *testing.T) {
	for name, w := range ways {
		t.Run(name, func(t *testing.T) {
			now := time.Unix(w.at, 0)
			check := func(what string, s connector.Signature, secret tandem.Secret, r signature.Request, at time.Time, want error) {
				t.Helper()
				if err := signature.Verify(&s, secret, r, at); !errors.Is(err, want) {
					t.Errorf("%s: %v, want %v", what, err, want)
				}
			}
			check("as it is", w.signature, w.secret, w.request(), now, nil)
			check("near the end of the tolerance", w.signature, w.secret, w.request(), now.Add(299*time.Second), nil)
			check("another secret", w.signature, w.secret+"x", w.request(), now, signature.ErrWrong)
			check("no secret", w.signature, "", w.request(), now, signature.ErrWrong)
			optional := w.signature
			optional.Optional = true
			check("no secret, and none asked for", optional, "", w.request(), now, nil)
			check("a secret, which none need have", optional, w.secret+"x", w.request(), now, signature.ErrWrong)
			bare := w.request()
			bare.Header, bare.URL = http.Header{}, "https://a.example/hook"
			check("not signed", w.signature, w.secret, bare, now, signature.ErrWrong)
			timed := w.signature.TimestampHeader != "" || w.signature.TimestampPrefix != "" || w.signature.Type == connector.SignStandard
			if timed {
				check("too old", w.signature, w.secret, w.request(), now.Add(302*time.Second), signature.ErrWrong)
				check("too new", w.signature, w.secret, w.request(), now.Add(-302*time.Second), signature.ErrWrong)
				longer := w.signature
				longer.Tolerance = 400
				check("not too old for this one", longer, w.secret, w.request(), now.Add(302*time.Second), nil)
			}
			if w.signature.Type != connector.SignToken {
				changed := w.request()
				changed.Body = append(changed.Body, ' ')
				check("another body", w.signature, w.secret, changed, now, signature.ErrWrong)
			}
			if strings.Contains(w.signature.Content, "{{Url}}") {
				changed := w.request()
				changed.URL += "x"
				check("another address", w.signature, w.secret, changed, now, signature.ErrWrong)
			}
			if w.signature.TimestampHeader != "" {
				changed := w.request()
				changed.Header.Set(w.signature.TimestampHeader, "1700000001")
				check("another time", w.signature, w.secret, changed, time.Unix(1700000001, 0), signature.ErrWrong)
			}
		})
	}
}

// Nothing that is sent is taken for signed, and none of it does harm.
func FuzzVerify(f *testing.F) {
	f.Add("t=1,v1=aa", "1", "a")
	f.Add("v1,"+base64.StdEncoding.EncodeToString([]byte("x")), "9999999999999999999", "?token=%zz")
	f.Fuzz(func(t *testing.T, value, timestamp, rest string) {
		for name, w := range ways {
			r := signature.Request{Method: "POST", URL: rest, Header: http.Header{}, Body: []byte(rest)}
			for h := range w.header {
				r.Header.Set(h, value)
			}
			if w.signature.TimestampHeader != "" {
				r.Header.Set(w.signature.TimestampHeader, timestamp)
			}
			r.Header.Set(signature.StandardTimestamp, timestamp)
			if strings.Contains(value+rest, string(w.secret)) || w.signature.Query != "" && strings.Contains(rest, "s3cret") {
				continue
			}
			if err := signature.Verify(&w.signature, "another secret, which none of them has", r, time.Unix(w.at, 0)); !errors.Is(err, signature.ErrWrong) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// A secret that is nothing but its prefix is none: all know what is signed with it.
func TestStandardWithoutKey(t *testing.T) {
	mac := hmac.New(sha256.New, nil)
	mac.Write([]byte("msg_1.1614265330.{}"))
	w := way{at: 1614265330, body: "{}", header: map[string]string{
		signature.StandardID: "msg_1", signature.StandardTimestamp: "1614265330", signature.StandardSignature: "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)),
	}}
	if err := signature.Verify(&connector.Signature{Type: connector.SignStandard}, "whsec_", w.request(), time.Unix(w.at, 0)); !errors.Is(err, signature.ErrWrong) {
		t.Errorf("signed with no key: %v", err)
	}
}
