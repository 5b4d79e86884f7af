package invoke_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"hash"
	"io"
	"log/slog"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

type secrets = map[string]tandem.Secret

// Every place that credentials can have in a request; and what is recorded has
// none of them.
func TestAuthenticationPlaces(t *testing.T) {
	xml := connector.Method{RequestDataType: connector.XMLBody, RequestXMLRoot: "Login", RequestFields: []connector.Field{{ConnectorField: "User"}}}
	form := connector.Method{RequestDataType: connector.FormBody}
	login := []connector.AuthField{{Name: "User"}, {Name: "Password", Location: "auth.[keys].secret", Sensitive: true}, {Name: "Extra", Optional: true}}
	for _, tt := range []struct {
		name         string
		auth         connector.Authentication
		value        tandem.Secret
		values       secrets
		method       connector.Method
		body         any
		header, sent string // what the third party got
		recorded     string
	}{
		{
			"key in a body of JSON", connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.RequestField, TargetName: "auth.key"},
			"k3y-value", nil, connector.Method{},
			object{"a": "b"}, "", `{"a":"b","auth":{"key":"k3y-value"}}`, `{"a":"b","auth":{"key":"***"}}`,
		},
		{
			"short key in a body without more", connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.RequestField, TargetName: "key"},
			"k3y", nil, connector.Method{},
			nil, "", `{"key":"k3y"}`, `{"key":"***"}`,
		},
		{
			"key in XML", connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.RequestField, TargetName: "@token"},
			"k3y-value", nil, xml,
			object{"User": "ada"}, "", `<Login token="k3y-value"><User>ada</User></Login>`, `<Login token="***"><User>ada</User></Login>`,
		},
		{
			"key in a form", connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.RequestField, TargetName: "api_key"},
			"k3y&value", nil, form,
			object{"a": "b"}, "", `a=b&api_key=k3y%26value`, `a=b&api_key=%2A%2A%2A`,
		},
		{
			"fields", connector.Authentication{AuthType: connector.AuthFields, Fields: login},
			`{"User":"ada","Password":"s3cr3t!"}`, nil, connector.Method{},
			object{"a": "b"}, "", `{"User":"ada","a":"b","auth":{"keys":[{"secret":"s3cr3t!"}]}}`, `{"User":"***","a":"b","auth":{"keys":[{"secret":"***"}]}}`,
		},
		{
			"token", connector.Authentication{AuthType: connector.AuthOAuth2}, "acc3ss-token", nil, connector.Method{},
			nil, "Authorization: Bearer acc3ss-token", "", "",
		},
		{
			"token among others", connector.Authentication{AuthType: connector.AuthOAuth2, AuthScheme: "Zoho-oauthtoken"},
			`{"AccessToken":"acc3ss-token","RefreshToken":"r3fresh-token"}`, nil, connector.Method{},
			nil, "Authorization: Zoho-oauthtoken acc3ss-token", "", "",
		},
		{
			"token in its own header", connector.Authentication{AuthType: connector.AuthOAuth2, TargetType: connector.HTTPHeader, TargetName: "x-access-token"},
			"acc3ss-token", nil, connector.Method{},
			nil, "X-Access-Token: acc3ss-token", "", "",
		},
		{
			"JWT bearer", connector.Authentication{AuthType: connector.AuthJWT}, "", secrets{"AccessToken": "acc3ss-token", "PrivateKey": "never sent"}, connector.Method{},
			nil, "Authorization: Bearer acc3ss-token", "", "",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newParty(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Echo", r.Header.Get("Authorization"))
				w.WriteHeader(http.StatusTeapot)
				io.WriteString(w, "you are "+string(tt.value))
			})
			call := method(p.URL, tt.method)
			if tt.method.RequestDataType != "" {
				call.Method.RequestDataType = tt.method.RequestDataType
			}
			call.Body = tt.body
			call.Auth = invoke.Credentials{Authentication: &tt.auth, Value: tt.value, Values: tt.values}
			result, err := newCaller(t).Call(t.Context(), call)
			wantError(t, err, invoke.Permanent)
			got := p.last(t)
			name, want, _ := strings.Cut(tt.header, ": ")
			if name != "" && got.Header.Get(name) != want || !strings.HasSuffix(got.Body, tt.sent) || tt.sent == "" && got.Body != "" {
				t.Errorf("sent %s with %v", got.Body, got.Header)
			}
			if recorded := string(result.Request.Body); !strings.HasSuffix(recorded, tt.recorded) {
				t.Errorf("recorded %s, want %s", recorded, tt.recorded)
			}
			wantNone(t, result, "k3y-value", "k3y%26value", "s3cr3t!", "acc3ss-token")
		})
	}
}

func TestAuthenticationIncomplete(t *testing.T) {
	for name, c := range map[string]invoke.Credentials{
		"a field is missing":      {Authentication: &connector.Authentication{AuthType: connector.AuthFields, Fields: []connector.AuthField{{Name: "User"}}}, Value: `{"Other":"x"}`},
		"no token yet":            {Authentication: &connector.Authentication{AuthType: connector.AuthOAuth2}, Value: `{}`},
		"no secret of a token":    {Authentication: &connector.Authentication{AuthType: connector.AuthOAuth1}, Value: `{"OAuthToken":"a"}`},
		"not a certificate":       {Authentication: &connector.Authentication{AuthType: connector.AuthMutualTLS}, Values: secrets{"Certificate": "x", "PrivateKey": "y"}},
		"no key":                  {Authentication: &connector.Authentication{AuthType: connector.AuthAWS}, Value: `{"AccessKeyId":"a"}`},
		"unknown signature":       {Authentication: &connector.Authentication{AuthType: connector.AuthOAuth1, SignatureMethod: "PLAINTEXT"}, Values: oauth1Values()},
		"a region without a name": {Authentication: &connector.Authentication{AuthType: connector.AuthAWS, Region: "{{"}, Value: `{"AccessKeyId":"a","SecretAccessKey":"b"}`},
	} {
		call := method("http://127.0.0.1:1", connector.Method{})
		call.Auth = c
		_, err := newCaller(t).Call(t.Context(), call)
		if e := wantError(t, err, invoke.Auth); e.Short != tandem.IncidentNotAuthenticated {
			t.Errorf("%s: %v", name, e)
		}
	}
}

func oauth1Values() secrets {
	return secrets{"ClientId": "cl1ent", "ClientSecret": "cl1ent-s3cret", "OAuthToken": "t0ken", "OAuthTokenSecret": "t0ken-s3cret"}
}

// A server that checks signatures by itself, of query and form alike.
func TestOAuth1(t *testing.T) {
	for name, algorithm := range map[string]func() hash.Hash{"HMAC-SHA1": sha1.New, "HMAC-SHA256": sha256.New} {
		p := newParty(t, nil)
		p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := r.ParseForm(); err != nil {
				t.Error(err)
			}
			pairs := []string{}
			for n, values := range r.Form {
				for _, v := range values {
					pairs = append(pairs, url.QueryEscape(n)+"="+url.QueryEscape(v))
				}
			}
			signature := ""
			for _, m := range regexp.MustCompile(`(\w+)="([^"]*)"`).FindAllStringSubmatch(r.Header.Get("Authorization"), -1) {
				if m[1] == "oauth_signature" {
					signature, _ = url.QueryUnescape(m[2])
				} else if m[1] != "realm" {
					pairs = append(pairs, m[1]+"="+m[2])
				}
			}
			slices.Sort(pairs)
			base := "POST&" + url.QueryEscape("http://"+r.Host+"/things") + "&" + url.QueryEscape(strings.Join(pairs, "&"))
			mac := hmac.New(algorithm, []byte("cl1ent-s3cret&t0ken-s3cret"))
			mac.Write([]byte(base))
			if signature != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
				w.WriteHeader(http.StatusUnauthorized)
			}
			io.WriteString(w, "{}")
		})
		call := method(p.URL, connector.Method{Parameters: []connector.Parameter{query("q", "1%2")}})
		call.Method.RequestDataType = connector.FormBody
		call.Body = object{"a": []any{"1", "2"}}
		call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthOAuth1, SignatureMethod: name, Realm: "ours"}, Values: oauth1Values()}
		result, err := newCaller(t).Call(t.Context(), call)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := result.Request.Headers["Authorization"]; got != "OAuth ***" {
			t.Errorf("recorded %q", got)
		}
		wantNone(t, result, "t0ken", "cl1ent-s3cret")
	}
}

// A server that signs what it got, and compares.
func TestAWSSignatureV4(t *testing.T) {
	p := newParty(t, nil)
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := r.Header.Get("Authorization")
		at, _ := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
		again, _ := http.NewRequestWithContext(r.Context(), r.Method, "http://"+r.Host+r.RequestURI, nil)
		_, names, _ := strings.Cut(got, "SignedHeaders=")
		names, _, _ = strings.Cut(names, ",")
		for name := range strings.SplitSeq(names, ";") {
			if name != "host" {
				again.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
			}
		}
		credentials := aws.Credentials{AccessKeyID: "AK1DEXAMPLE", SecretAccessKey: "s3cret/Key", SessionToken: "s3ssion"}
		body, _ := io.ReadAll(r.Body)
		if err := v4.NewSigner().SignHTTP(r.Context(), credentials, again, hexSum(body), "execute-api", "eu-west-2", at); err != nil {
			t.Error(err)
		}
		if again.Header.Get("Authorization") != got || r.Header.Get("X-Amz-Security-Token") != "s3ssion" {
			w.WriteHeader(http.StatusForbidden)
		}
		io.WriteString(w, "{}")
	})
	call := method(p.URL, connector.Method{}, connector.Parameter{Name: "Area", TargetType: connector.MergeField})
	call.Properties["Area"] = "eu-west-2"
	call.Body = object{"a": "b"}
	call.Auth = invoke.Credentials{
		Authentication: &connector.Authentication{AuthType: connector.AuthAWS, Region: "{{Area}}", Service: "{{Kind}}"},
		Values:         secrets{"AccessKeyId": "AK1DEXAMPLE", "SecretAccessKey": "s3cret/Key", "SessionToken": "s3ssion", "Kind": "execute-api"},
	}
	result, err := newCaller(t).Call(t.Context(), call)
	if err != nil {
		t.Error(err)
	}
	if got := result.Request.Headers["Authorization"]; got != "AWS4-HMAC-SHA256 ***" {
		t.Errorf("recorded %q", got)
	}
	wantNone(t, result, "AK1DEXAMPLE", "s3cret/Key", "s3ssion")
}

// hexSum is the hash of a body, in hexadecimal.
func hexSum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// A server that lets in only who shows the certificate.
func TestMutualTLS(t *testing.T) {
	certificate, key := issue(t)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(certificate))
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"name":"`+r.TLS.PeerCertificates[0].Subject.CommonName+`"}`)
	}))
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	s.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Roots: roots})
	t.Cleanup(client.Close)
	caller := invoke.New(client, invoke.Options{})
	call := method(s.URL, connector.Method{})
	values := secrets{"Certificate": tandem.Secret(certificate), "PrivateKey": tandem.Secret(key)}
	call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthMutualTLS}, Values: values}
	for range 2 { // the second by the same connections
		result, err := caller.Call(t.Context(), call)
		if err != nil || string(result.Response.Body) != `{"name":"ada"}` {
			t.Errorf("%+v, %v", result.Response, err)
		}
	}
	other, otherKey := issue(t)
	changed := maps.Clone(values)
	changed["Certificate"], changed["PrivateKey"] = tandem.Secret(other), tandem.Secret(otherKey)
	call.Auth.Values = changed
	_, err := caller.Call(t.Context(), call)
	wantError(t, err, invoke.Transient)
	call.Auth = invoke.Credentials{}
	_, err = caller.Call(t.Context(), call)
	wantError(t, err, invoke.Transient)
}

// issue makes a certificate that vouches for itself, and its key, in PEM.
func issue(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ada"}, NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
}

// Credentials in a body do not follow a redirect, wherever it leads.
func TestBodyOfCredentialsIsNotRedirected(t *testing.T) {
	elsewhere := newParty(t, nil)
	p := newParty(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	call := method(p.URL, connector.Method{})
	call.Auth = invoke.Credentials{
		Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.RequestField, TargetName: "key"}, Value: "k3y-value",
	}
	byDefault := method(p.URL, connector.Method{RequestFields: []connector.Field{{ConnectorField: "key", Default: "{{" + connector.AuthAPIKeyField + "}}"}}})
	byDefault.Body = object{}
	byDefault.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.MergeField}, Value: "k3y-value"}
	for _, call := range []invoke.Call{call, byDefault} {
		_, err := newCaller(t).Call(t.Context(), call)
		if e := wantError(t, err, invoke.Permanent); e.Status != http.StatusTemporaryRedirect || len(elsewhere.requests) != 0 {
			t.Errorf("%v; elsewhere: %+v", e, elsewhere.requests)
		}
		if sent := p.last(t).Body; sent != `{"key":"k3y-value"}` {
			t.Errorf("sent %s", sent)
		}
	}
}

// Credentials go into a copy: parts of the document may be what an earlier step
// gave, which later steps read.
func TestBodyOfCredentialsIsACopy(t *testing.T) {
	p := newParty(t, nil)
	shared := object{"x": 1}
	call := method(p.URL, connector.Method{})
	call.Body = object{"auth": shared}
	call.Auth = invoke.Credentials{
		Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.RequestField, TargetName: "auth.key"}, Value: "k3y-value",
	}
	result, err := newCaller(t).Call(t.Context(), call)
	if err != nil || p.last(t).Body != `{"auth":{"key":"k3y-value","x":1}}` || string(result.Request.Body) != `{"auth":{"key":"***","x":1}}` {
		t.Errorf("sent %s, recorded %s, %v", p.last(t).Body, result.Request.Body, err)
	}
	if len(shared) != 1 {
		t.Errorf("what is shared became %v", shared)
	}
}
