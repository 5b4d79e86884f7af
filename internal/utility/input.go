package utility

import (
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// input is what an operation was given. Its first problem is kept in err, so that
// all can be read before it is looked at.
type input struct {
	*invoke.Operation
	err *invoke.Error
}

func (in *input) fail(format string, args ...any) {
	if in.err == nil {
		in.err = buildError(format, args...)
	}
}

// text is a parameter of the method, or else a property of the account connector.
func (in *input) text(name string) string {
	if s := in.Parameters[name]; s != "" {
		return s
	}
	return in.Properties[name]
}

func (in *input) required(name string) string {
	s := in.text(name)
	if strings.TrimSpace(s) == "" {
		in.fail("%s is required", name)
	}
	return s
}

// number is a whole one within limits.
func (in *input) number(name string, otherwise, least, most int) int {
	s := strings.TrimSpace(in.text(name))
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		in.fail("%s must be a whole number from %d to %d", name, least, most)
	}
	return n
}

func (in *input) yes(name string, otherwise bool) bool {
	switch strings.ToLower(strings.TrimSpace(in.text(name))) {
	case "":
		return otherwise
	case "true", "yes", "1":
		return true
	case "false", "no", "0":
		return false
	}
	in.fail("%s must be true or false", name)
	return otherwise
}

// choice is one of some words, whatever their case; by default the first.
func (in *input) choice(name string, words ...string) string {
	s := strings.TrimSpace(in.text(name))
	if s == "" {
		return words[0]
	}
	at := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, s) })
	if at < 0 {
		in.fail("%s must be one of %s", name, strings.Join(words, ", "))
		return words[0]
	}
	return words[at]
}

// instant is a time; zero if there is none.
func (in *input) instant(name string) time.Time {
	s := strings.TrimSpace(in.text(name))
	if s == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	in.fail("%s must be a time such as 2026-01-31T12:00:00Z", name)
	return time.Time{}
}

// hostPattern is a name or an address, and nothing that a library might take for
// more: no list, no path, no user, no zone.
var hostPattern = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,255}$`)

// address is where the server is.
func (in *input) address(port int) (host, address string) {
	host = strings.TrimSpace(in.required("Host"))
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if !hostPattern.MatchString(host) {
		in.fail("Host must be the name or address of a server, without a port or a path")
	}
	port = in.number("Port", port, 1, 65535)
	return host, net.JoinHostPort(host, strconv.Itoa(port))
}

// member is a member of the request.
func (in *input) member(name string) any {
	doc, _ := in.Request.(map[string]any)
	return doc[name]
}

// written is a member of the request, or else a parameter or property, as text.
func (in *input) written(name string) string {
	if v := in.member(name); v != nil {
		return merge.Text(v)
	}
	return in.text(name)
}
