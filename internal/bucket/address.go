package bucket

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Address is where objects are kept.
type Address struct {
	endpoint *url.URL // of the bucket
	prefix   string   // of names; "", or it ends with a slash
	region   string
}

var (
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	plainName  = regexp.MustCompile(`^[A-Za-z0-9._/-]*$`)
)

// ParseAddress reads s3://BUCKET/PREFIX?region=REGION, for Amazon S3, and for others
// also endpoint=URL; their region is us-east-1 if none is given.
func ParseAddress(text string) (a Address, err error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "s3" || u.User != nil || u.Fragment != "" {
		return a, errors.New("want s3://BUCKET/PREFIX?endpoint=URL&region=REGION")
	}
	if !bucketName.MatchString(u.Host) {
		return a, fmt.Errorf("%q is no name of a bucket", u.Host)
	}
	if a.prefix = strings.Trim(u.Path, "/"); !plainName.MatchString(a.prefix) {
		return a, errors.New("the prefix may have letters, digits, and . _ - /")
	}
	if a.prefix != "" {
		a.prefix += "/"
	}
	query := u.Query()
	a.region = query.Get("region")
	at := query.Get("endpoint")
	query.Del("region")
	query.Del("endpoint")
	for name := range query {
		return a, fmt.Errorf("%s is not known: want endpoint and region", name)
	}
	return a, a.locate(u.Host, at)
}

// Within says that all names of a are names of b, too.
func (a Address) Within(b Address) bool {
	return *a.endpoint == *b.endpoint && strings.HasPrefix(a.prefix, b.prefix)
}

// locate sets where the bucket is: Amazon has a host for each.
func (a *Address) locate(bucket, at string) error {
	if at == "" {
		if a.region == "" {
			return errors.New("a region is needed, or an endpoint")
		}
		a.endpoint = &url.URL{Scheme: "https", Host: bucket + ".s3." + a.region + ".amazonaws.com", Path: "/"}
		return nil
	}
	if a.region == "" {
		a.region = "us-east-1"
	}
	u, err := url.Parse(at)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("endpoint: want a URL that begins with http:// or https://")
	}
	a.endpoint = u.JoinPath(bucket + "/")
	return nil
}

// object is the URL of a name.
func (a Address) object(name string) *url.URL { return a.endpoint.JoinPath(a.prefix + name) }

// list is the URL of a page of names.
func (a Address) list(prefix, token string) *url.URL {
	u := *a.endpoint
	q := url.Values{"list-type": {"2"}, "prefix": {a.prefix + prefix}}
	if token != "" {
		q.Set("continuation-token", token)
	}
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
	return &u
}
