package oauth

import (
	"cmp"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// bearerGrant is the grant type of RFC 7523.
const bearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// defaultLifetime is that of claims, in seconds.
const defaultLifetime = 3600

// Assertion signs claims with a private key: PEM, or, of HS256 and HS512, the
// secret itself. Where there is a token endpoint, they are exchanged there;
// otherwise they are the token.
//
// Errors: *Error.
func (f *Flow) Assertion(ctx context.Context, key tandem.Secret) (Token, error) {
	now := time.Now()
	expires := now.Add(time.Duration(cmp.Or(f.Authentication.Lifetime, defaultLifetime)) * time.Second)
	signed, err := f.sign(key, now, expires)
	if err != nil {
		return Token{}, err
	}
	if f.Authentication.AccessTokenURL == "" {
		return Token{AccessToken: signed, Expires: expires.UTC().Truncate(time.Second)}, nil
	}
	to, err := f.address("AccessTokenUrl", f.Authentication.AccessTokenURL)
	if err != nil {
		return Token{}, err
	}
	form := url.Values{"grant_type": {bearerGrant}, "assertion": {string(signed)}}
	if err := f.addParameters(form); err != nil {
		return Token{}, err
	}
	return f.ask(ctx, to, form, BeforeToken, AfterToken)
}

func (f *Flow) sign(secret tandem.Secret, now, expires time.Time) (tandem.Secret, error) {
	method, key, err := signingKey(f.Authentication, secret)
	if err != nil {
		return "", err
	}
	claims := jwt.MapClaims{"iat": now.Unix(), "exp": expires.Unix()}
	for _, c := range f.Authentication.Claims {
		s, err := f.text("Claims", c.Value)
		if err != nil {
			return "", err
		}
		claims[c.Name] = s
	}
	t := jwt.NewWithClaims(method, claims)
	if kid := f.Values[keyIDField]; kid != "" {
		t.Header["kid"] = kid
	}
	text, err := t.SignedString(key)
	if err != nil {
		return "", &Error{Kind: Refused, Detail: "PrivateKey: cannot sign with " + method.Alg()}
	}
	return tandem.Secret(text), nil
}

// keyIDField is the field of an AuthValue that, if it is there, tells the third
// party which key it was.
const keyIDField = "KeyId"

// CheckKey says whether a private key can sign as a asks. The error does not
// repeat it.
func CheckKey(a *connector.Authentication, key tandem.Secret) error {
	_, _, err := signingKey(a, key)
	return err
}

func signingKey(a *connector.Authentication, secret tandem.Secret) (jwt.SigningMethod, any, error) {
	method := jwt.GetSigningMethod(cmp.Or(a.Algorithm, "RS256"))
	if _, ok := method.(*jwt.SigningMethodHMAC); ok {
		return method, []byte(secret), nil
	}
	if method == nil {
		return nil, nil, unusable("the algorithm %s is not known", a.Algorithm)
	}
	key, err := parseKey(secret)
	if err != nil {
		return nil, nil, err
	}
	switch key.(type) {
	case *rsa.PrivateKey:
		if _, ok := method.(*jwt.SigningMethodRSA); ok {
			return method, key, nil
		}
	case *ecdsa.PrivateKey:
		if _, ok := method.(*jwt.SigningMethodECDSA); ok {
			return method, key, nil
		}
	}
	return nil, nil, &Error{Kind: Refused, Detail: "PrivateKey: is of another kind than " + method.Alg() + " needs"}
}

var errKey = &Error{Kind: Refused, Detail: "PrivateKey: is not a private key in PEM, without a password"}

// parseKey reads a PEM. Line breaks may have become \n on the way.
func parseKey(secret tandem.Secret) (crypto.PrivateKey, error) {
	block, _ := pem.Decode([]byte(strings.ReplaceAll(string(secret), `\n`, "\n")))
	if block == nil {
		return nil, errKey
	}
	if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	return nil, errKey
}
