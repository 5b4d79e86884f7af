package tandem

import (
	"regexp"
	"strings"
)

// EmbedSettings say what the embedded screens may do.
type EmbedSettings struct {
	Frames        bool     // the screens may be shown in frames
	FrameHosts    []string // of these hosts: host, *.host, either with scheme and port
	TargetOrigins []string // that may be told what came of it: https://host
	PopupOAuth    bool     // sign-ins to third parties open in a popup by default
}

// Bounds of each list: they travel in headers.
const (
	maxEmbedHosts = 50
	maxHostLength = 260
)

const hostPattern = `[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?`

var (
	frameHost    = regexp.MustCompile(`^(https?://)?(\*\.)?` + hostPattern + `$`)
	targetOrigin = regexp.MustCompile(`^https?://` + hostPattern + `$`)
)

// Check refuses hosts and origins that are none, and puts the others in lower
// case. It has the last word on what goes into headers and scripts.
//
// Errors: Invalid, naming the field.
func (e *EmbedSettings) Check() error {
	if err := checkHosts("FrameHosts", e.FrameHosts, frameHost, "a host, such as app.example.com"); err != nil {
		return err
	}
	return checkHosts("TargetOrigins", e.TargetOrigins, targetOrigin, "an origin, such as https://app.example.com")
}

func checkHosts(field string, all []string, pattern *regexp.Regexp, want string) error {
	if len(all) > maxEmbedHosts {
		return Invalidf(field, "%s: at most %d", field, maxEmbedHosts)
	}
	for i, text := range all {
		all[i] = strings.ToLower(strings.TrimSpace(text))
		if len(all[i]) > maxHostLength || !pattern.MatchString(all[i]) {
			return Invalidf(field, "%s: %q is not %s", field, text, want)
		}
	}
	return nil
}

// FrameAncestors is the source list of the directive of that name in a content
// security policy.
func (e *EmbedSettings) FrameAncestors() string {
	if !e.Frames || len(e.FrameHosts) == 0 {
		return "'none'"
	}
	return strings.Join(e.FrameHosts, " ")
}
