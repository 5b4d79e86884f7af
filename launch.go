package tandem

import (
	"net/url"
	"strings"
)

// Launch says what the screen LAUNCH offers, and what becomes of what is
// installed there. It travels in the screen's address.
type Launch struct {
	Tags []string // a template must have one of them; none: any template

	Start   bool // start what was installed
	RunOnce bool // but for one run only

	AutoInstall   bool // when one template is left, go straight to it
	SingleInstall bool // leave out what is installed already

	Wizard              bool // step by step, instead of one form
	DisplayDescriptions bool
	InlineOAuth         bool // sign in to third parties in the same window, not in a popup

	CompleteParameter string // handed back at the end
}

// DefaultLaunch is what holds where an address says nothing else.
func DefaultLaunch() Launch { return Launch{Start: true, AutoInstall: true, InlineOAuth: true} }

// Paths of the embedded screens on the service domain.
const (
	LaunchPath      = "/launch"
	OrbitPath       = "/orbit"
	MarketplacePath = "/marketplace/" // and its id
)

// launchFlag is an option of Launch in an address.
type launchFlag struct {
	name   string
	of     *bool
	always bool // also if it is as by default
}

func (l *Launch) flags() []launchFlag {
	return []launchFlag{
		{"inline", &l.InlineOAuth, false},
		{"start", &l.Start, false},
		{"once", &l.RunOnce, false},
		{"wizard", &l.Wizard, false},
		{"descriptions", &l.DisplayDescriptions, false},
		{"auto", &l.AutoInstall, true},
		{"single", &l.SingleInstall, true},
	}
}

const completeParameter = "completeParameter"

// Path is the address of the screen on the service domain.
func (l Launch) Path() string {
	q, usual := query{}, DefaultLaunch()
	for i, f := range l.flags() {
		if f.always || *f.of != *usual.flags()[i].of {
			q.add(f.name, boolean(*f.of))
		}
	}
	for _, t := range l.Tags {
		q.add("tags", t)
	}
	if l.CompleteParameter != "" {
		q.add(completeParameter, l.CompleteParameter)
	}
	return q.after(LaunchPath)
}

// ParseLaunch reads the query of what Path gives. What is not said, or is neither
// true nor false, is as by default.
func ParseLaunch(q url.Values) Launch {
	l := DefaultLaunch()
	for _, f := range l.flags() {
		switch strings.ToLower(q.Get(f.name)) {
		case "true":
			*f.of = true
		case "false":
			*f.of = false
		}
	}
	for _, t := range q["tags"] {
		if t != "" {
			l.Tags = append(l.Tags, t)
		}
	}
	l.CompleteParameter = q.Get(completeParameter)
	return l
}

// Shop says how the screen of a marketplace is shown.
type Shop struct {
	Marketplace       MarketplaceID
	InlineOAuth       bool   // as for Launch
	CompleteParameter string // handed back at the end
}

// Path is the address of the screen on the service domain.
func (s Shop) Path() string {
	q := query{}
	if !s.InlineOAuth {
		q.add("inline", boolean(false))
	}
	if s.CompleteParameter != "" {
		q.add(completeParameter, s.CompleteParameter)
	}
	return q.after(MarketplacePath + s.Marketplace.String())
}

// ParseShop reads the query of what Path gives.
func ParseShop(id MarketplaceID, q url.Values) Shop {
	return Shop{Marketplace: id, InlineOAuth: !strings.EqualFold(q.Get("inline"), "false"), CompleteParameter: q.Get(completeParameter)}
}

// MaxReturn is how long the path may be to which a sign-in leads, in bytes.
const MaxReturn = 4096

// SignInURL is the address on a service domain (https://host) that signs a
// browser in with the token of a SignInTicket, and then shows path.
func SignInURL(service string, token Secret, path string) string {
	return strings.TrimSuffix(service, "/") + "/account/signinwithtoken?token=" + url.QueryEscape(string(token)) + "&returnUrl=" + url.QueryEscape(path)
}

// query is a query in the order in which it was made.
type query []string

func (q *query) add(name, value string) { *q = append(*q, name+"="+url.QueryEscape(value)) }

func (q query) after(path string) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + strings.Join(q, "&")
}

func boolean(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
