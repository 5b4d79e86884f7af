package recording

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
)

// Stage is a server that stands for all hosts of https: each is a folder of it.
// Names with http, such as those of XML's namespaces, stay.
type Stage struct{ URL string } // such as http://127.0.0.1:4000

var origin = regexp.MustCompile(`https://[^/\s"'\\]`)

// Aim is text with the addresses in it led to the stage.
func (s Stage) Aim(text string) string {
	return origin.ReplaceAllStringFunc(text, func(found string) string { return s.URL + "/" + found[len(found)-1:] })
}

// Real is text with the stage's addresses as they are in the world.
func (s Stage) Real(text string) string { return strings.ReplaceAll(text, s.URL+"/", "https://") }

// Connector is a copy of c that calls the stage in place of the world.
//
// Errors: what was read again is no connector, which does not happen to a sound one.
func (s Stage) Connector(c *connector.Connector) (*connector.Connector, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("aim connector %s: %w", c.Name, err)
	}
	aimed := &connector.Connector{}
	if err := json.Unmarshal([]byte(s.Aim(string(text))), aimed); err != nil {
		return nil, fmt.Errorf("aim connector %s: %w", c.Name, err)
	}
	return aimed, nil
}

// Host says which host a request to the stage is meant for, and takes it out of
// the path.
func Host(u *url.URL) (host string) {
	host, rest, _ := strings.Cut(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	u.RawPath = "/" + rest
	path, err := url.PathUnescape(u.RawPath)
	if err != nil {
		path = u.RawPath // it was parsed before
	}
	u.Path = path
	return host
}
