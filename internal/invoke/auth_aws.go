package invoke

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/tandem-ipaas/tandem/connector"
)

// aws signs requests by AWS Signature Version 4. Region and service may have
// merge fields, members of the AuthValue among them.
func (x *exchange) aws(a *connector.Authentication) error {
	v, err := x.need("AccessKeyId", "SecretAccessKey")
	if err != nil {
		return err
	}
	s := awsSigner{credentials: aws.Credentials{AccessKeyID: v[0], SecretAccessKey: v[1], SessionToken: x.members()["SessionToken"]}}
	for _, secret := range append(v, s.credentials.SessionToken) {
		x.secrets.add(secret)
	}
	for text, to := range map[string]*string{a.Region: &s.region, a.Service: &s.service} {
		if *to, err = x.authText(text); err != nil {
			return err
		}
	}
	x.access.sign = func(ctx context.Context, req *http.Request) error { return s.sign(ctx, req, time.Now()) }
	return nil
}

// authText fills in a text of the Authentication.
func (x *exchange) authText(text string) (string, error) {
	t, err := parseText(text)
	if err != nil {
		return "", authError(err.Error())
	}
	if t == nil {
		return "", nil
	}
	s, err := t.Execute(func(name string) (any, bool) {
		if v, ok := x.members()[name]; ok {
			return v, true
		}
		return x.lookup(name)
	}, nil)
	if err != nil {
		return "", authError(err.Error())
	}
	return s, x.err
}

type awsSigner struct {
	credentials     aws.Credentials
	region, service string
}

// sign adds the headers. Length and host are the connection's matter.
func (s *awsSigner) sign(ctx context.Context, req *http.Request, now time.Time) error {
	hash, err := bodyHash(req)
	if err != nil {
		return err
	}
	req.URL.RawQuery = strings.ReplaceAll(req.URL.RawQuery, "+", "%20") // as a space is signed; not all services read + as one
	storage := s.service == "s3"
	signed := req.Clone(ctx)
	signed.ContentLength = 0
	if storage {
		signed.Header.Set("X-Amz-Content-Sha256", hash)
	} else {
		normalize(signed)
	}
	err = v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = storage }).
		SignHTTP(ctx, s.credentials, signed, hash, s.service, s.region, now)
	if err != nil {
		e := authError("the request could not be signed")
		e.Err = err
		return e
	}
	for name, values := range signed.Header {
		req.Header[name] = values
	}
	return nil
}

// normalize makes the path one without empty and relative segments, as all
// services but S3 have it signed.
func normalize(req *http.Request) {
	clean := func(p string) string {
		if p == "" {
			return p
		}
		end := ""
		if strings.HasSuffix(p, "/") || strings.HasSuffix(p, "/.") || strings.HasSuffix(p, "/..") {
			end = "/"
		}
		if p = path.Clean("/" + p); p == "/" {
			return p
		}
		return p + end
	}
	raw := req.URL.EscapedPath()
	req.URL.Path, req.URL.RawPath = clean(req.URL.Path), clean(raw)
}

func bodyHash(req *http.Request) (string, error) {
	h := sha256.New()
	if req.GetBody != nil {
		r, err := req.GetBody()
		if err != nil {
			return "", err
		}
		defer r.Close()
		if _, err := io.Copy(h, r); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
