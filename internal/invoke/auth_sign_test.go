package invoke

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// newRequest makes a request as if it had been built.
func newRequest(t *testing.T, verb, address, body, kind string) *http.Request {
	t.Helper()
	x := &exchange{plan: &plan{verb: verb}, header: http.Header{}}
	if body != "" {
		x.content.text = []byte(body)
	}
	if kind != "" {
		x.header.Set("Content-Type", kind)
	}
	req, err := x.request(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// The examples of AWS's test suite for Signature Version 4.
func TestAWSVectors(t *testing.T) {
	const session = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
	const vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
	for _, tt := range []struct{ name, verb, path, body, kind, session, signature string }{
		{"get-vanilla", "GET", "/", "", "", "", vanilla},
		{"get-vanilla-query", "GET", "/", "", "", "", vanilla},
		{"get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", "", "", "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
		{"get-vanilla-empty-query-key", "GET", "/?Param1=value1", "", "", "", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
		{"get-unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "", "", "", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
		{"post-vanilla", "POST", "/", "", "", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
		{"post-vanilla-query", "POST", "/?Param1=value1", "", "", "", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
		{"post-x-www-form-urlencoded", "POST", "/", "Param1=value1", "application/x-www-form-urlencoded", "", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
		{"post-sts-header-before", "POST", "/", "", "", session, "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"},
		{"normalize-path get-relative", "GET", "/example/..", "", "", "", vanilla},
		{"normalize-path get-relative-relative", "GET", "/example1/example2/../..", "", "", "", vanilla},
		{"normalize-path get-slash", "GET", "//", "", "", "", vanilla},
		{"normalize-path get-slash-dot-slash", "GET", "/./", "", "", "", vanilla},
		{"normalize-path get-slash-pointless-dot", "GET", "/./example", "", "", "", "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
		{"normalize-path get-slashes", "GET", "//example//", "", "", "", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := newRequest(t, tt.verb, "https://example.amazonaws.com"+tt.path, tt.body, tt.kind)
			s := awsSigner{aws.Credentials{
				AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", SessionToken: tt.session,
			}, "us-east-1", "service"}
			if err := s.sign(t.Context(), req, time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)); err != nil {
				t.Fatal(err)
			}
			if got := req.Header.Get("Authorization"); !strings.HasSuffix(got, "Signature="+tt.signature) {
				t.Errorf("signed %s, want %s", got, tt.signature)
			}
		})
	}
}

// A space in the query goes as it is signed, which is not +.
func TestAWSSpace(t *testing.T) {
	req := newRequest(t, "GET", "https://s3.example.com/b?prefix=a+b%2Bc", "", "")
	s := awsSigner{credentials: aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, region: "us-east-1", service: "s3"}
	if err := s.sign(t.Context(), req, time.Now()); err != nil {
		t.Fatal(err)
	}
	if got := req.URL.RawQuery; got != "prefix=a%20b%2Bc" {
		t.Errorf("query %s", got)
	}
}

// The example of RFC 5849, 3.4.1.1, with parameters that are given twice.
func TestOAuth1SignatureBase(t *testing.T) {
	req := newRequest(t, "POST", "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b", "c2&a3=2+q", "application/x-www-form-urlencoded")
	all, err := signedParameters(req, []parameter{
		{"oauth_consumer_key", "9djdj82h48djs9d2"},
		{"oauth_token", "kkk9d7dh3k39sjv7"},
		{"oauth_signature_method", "HMAC-SHA1"},
		{"oauth_timestamp", "137131201"},
		{"oauth_nonce", "7d8f3e4a"},
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
	if got := signatureBase(req, all); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// The example of Twitter's documentation.
func TestOAuth1Signature(t *testing.T) {
	signer, err := oauth1Method("", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw")
	if err != nil {
		t.Fatal(err)
	}
	s := oauth1Signer{client: "xvz1evFS4wEEPTGEFPHBog", token: "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", tokenSecret: "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE", signer: signer}
	req := newRequest(t, "POST", "https://api.twitter.com/1/statuses/update.json?include_entities=true", "status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21", "application/x-www-form-urlencoded")
	if err := s.sign(req, "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", time.Unix(1318622958, 0)); err != nil {
		t.Fatal(err)
	}
	if got := req.Header.Get("Authorization"); !strings.Contains(got, `oauth_signature="tnnArxj06cWHq44gCs1OSKk%2FjLY%3D"`) {
		t.Errorf("signed %s", got)
	}
}

func TestOAuth1RSA(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for kind, der := range map[string][]byte{"RSA PRIVATE KEY": x509.MarshalPKCS1PrivateKey(key), "PRIVATE KEY": pkcs8} {
		signer, err := oauth1Method("RSA-SHA1", string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})))
		if err != nil {
			t.Fatal(err)
		}
		s := oauth1Signer{client: "c", token: "t", tokenSecret: "s", realm: "our realm", signer: signer}
		req := newRequest(t, "GET", "https://a.test/b?c=d", "", "")
		if err := s.sign(req, "n", time.Unix(7, 0)); err != nil {
			t.Fatal(err)
		}
		header := req.Header.Get("Authorization")
		found := regexp.MustCompile(`oauth_signature="([^"]*)"`).FindStringSubmatch(header)
		if found == nil || !strings.HasPrefix(header, `OAuth realm="our%20realm", `) {
			t.Fatalf("signed %s", header)
		}
		text, err := url.PathUnescape(found[1])
		if err != nil {
			t.Fatal(err)
		}
		signature, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		base := "GET&https%3A%2F%2Fa.test%2Fb&c%3Dd%26oauth_consumer_key%3Dc%26oauth_nonce%3Dn%26oauth_signature_method%3DRSA-SHA1%26oauth_timestamp%3D7%26oauth_token%3Dt%26oauth_version%3D1.0"
		digest := sha1.Sum([]byte(base))
		if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA1, digest[:], signature); err != nil {
			t.Error(err)
		}
	}
	if _, err := oauth1Method("RSA-SHA1", "not a key"); err == nil {
		t.Error("took what is no key")
	}
}
