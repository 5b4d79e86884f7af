package invoke

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dghubble/oauth1"

	"github.com/tandem-ipaas/tandem/connector"
)

// oauth1 signs requests by OAuth 1.0a (RFC 5849).
func (x *exchange) oauth1(a *connector.Authentication) error {
	v, err := x.need(connector.ClientIDProperty, connector.ClientSecretProperty, "OAuthToken", "OAuthTokenSecret")
	if err != nil {
		return err
	}
	s := oauth1Signer{client: v[0], token: v[2], tokenSecret: v[3], realm: a.Realm}
	if s.signer, err = oauth1Method(a.SignatureMethod, v[1]); err != nil {
		return err
	}
	for _, secret := range v[1:] {
		x.secrets.add(secret)
	}
	x.access.sign = func(_ context.Context, req *http.Request) error { return s.sign(req, rand.Text(), time.Now()) }
	return nil
}

// oauth1Method is how to sign. With RSA the client's secret is its key, as PEM.
func oauth1Method(name, secret string) (oauth1.Signer, error) {
	switch cmp.Or(name, "HMAC-SHA1") {
	case "HMAC-SHA1":
		return &oauth1.HMACSigner{ConsumerSecret: secret}, nil
	case "HMAC-SHA256":
		return &oauth1.HMAC256Signer{ConsumerSecret: secret}, nil
	case "RSA-SHA1":
		key, err := rsaKey(secret)
		return &oauth1.RSASigner{PrivateKey: key}, err
	}
	return nil, authError("the signature method " + name + " is not known")
}

func rsaKey(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, authError("ClientSecret is not a private key in PEM")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if key, ok := any.(*rsa.PrivateKey); err == nil && ok {
		return key, nil
	}
	return nil, authError("ClientSecret is not a private key of RSA")
}

type oauth1Signer struct {
	client, token, tokenSecret, realm string
	signer                            oauth1.Signer
}

// parameter is a name and a value, as they are signed.
type parameter struct{ name, value string }

// sign adds the Authorization header. The library's own requests leave out what
// is given twice, so that what is signed is put together here.
func (s *oauth1Signer) sign(req *http.Request, nonce string, now time.Time) error {
	own := []parameter{
		{"oauth_consumer_key", s.client},
		{"oauth_nonce", nonce},
		{"oauth_signature_method", s.signer.Name()},
		{"oauth_timestamp", strconv.FormatInt(now.Unix(), 10)},
		{"oauth_token", s.token},
		{"oauth_version", "1.0"},
	}
	signed, err := signedParameters(req, own)
	if err != nil {
		return err
	}
	signature, err := s.signer.Sign(s.tokenSecret, signatureBase(req, signed))
	if err != nil {
		return &Error{Kind: Auth, Short: authError("").Short, Detail: "the request could not be signed", Err: err}
	}
	var header strings.Builder
	header.WriteString("OAuth ")
	if s.realm != "" {
		header.WriteString(`realm="` + oauth1.PercentEncode(s.realm) + `", `)
	}
	for i, p := range append(own, parameter{"oauth_signature", signature}) {
		if i > 0 {
			header.WriteString(", ")
		}
		header.WriteString(p.name + `="` + oauth1.PercentEncode(p.value) + `"`)
	}
	req.Header["Authorization"] = []string{header.String()}
	return nil
}

// signedParameters are those of the query, of a form and of the header itself.
func signedParameters(req *http.Request, own []parameter) ([]parameter, error) {
	all := slices.Clone(own)
	query, err := url.ParseQuery(req.URL.RawQuery)
	if err != nil {
		return nil, buildError("the address's query cannot be read: %v", err)
	}
	add := func(values url.Values) {
		for name, each := range values {
			for _, v := range each {
				all = append(all, parameter{name, v})
			}
		}
	}
	add(query)
	if kind, _, _ := strings.Cut(req.Header.Get("Content-Type"), ";"); kind == "application/x-www-form-urlencoded" && req.GetBody != nil {
		r, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		defer r.Close()
		text, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		form, err := url.ParseQuery(string(text))
		if err != nil {
			return nil, buildError("the form cannot be read: %v", err)
		}
		add(form)
	}
	return all, nil
}

// signatureBase is what is signed (RFC 5849, 3.4.1).
func signatureBase(req *http.Request, all []parameter) string {
	encoded := make([]parameter, len(all))
	for i, p := range all {
		encoded[i] = parameter{oauth1.PercentEncode(p.name), oauth1.PercentEncode(p.value)}
	}
	slices.SortFunc(encoded, func(a, b parameter) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.value, b.value))
	})
	pairs := make([]string, len(encoded))
	for i, p := range encoded {
		pairs[i] = p.name + "=" + p.value
	}
	host := strings.ToLower(req.URL.Host)
	if port := req.URL.Port(); port == "80" && req.URL.Scheme == "http" || port == "443" && req.URL.Scheme == "https" {
		host = strings.TrimSuffix(host, ":"+port)
	}
	address := req.URL.Scheme + "://" + host + cmp.Or(req.URL.EscapedPath(), "/")
	return req.Method + "&" + oauth1.PercentEncode(address) + "&" + oauth1.PercentEncode(strings.Join(pairs, "&"))
}
