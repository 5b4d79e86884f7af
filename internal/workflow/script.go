package workflow

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// conditional says that a script of a step may have an action_condition. A
// webhook's has none: nothing is called.
func conditional(s *tandem.Step, c *connector.Connector, m *connector.Method) bool {
	return s.ActionType == tandem.ActionStep && handles("action_condition", s, c, m)
}

// handles says that a name is in one of the scripts that run with a step: that
// something is done with it, as far as can be said without running them.
func handles(name string, s *tandem.Step, c *connector.Connector, m *connector.Method) bool {
	return mentions(s.Script, name) || mentions(m.Script, name) || mentions(c.Script, name)
}

// mentions looks for a name that is not part of a longer one.
func mentions(script, name string) bool {
	for rest := script; ; {
		before, after, found := strings.Cut(rest, name)
		if !found {
			return false
		}
		last, _ := utf8.DecodeLastRuneInString(before)
		next, _ := utf8.DecodeRuneInString(after)
		if !inName(last) && !inName(next) {
			return true
		}
		rest = after
	}
}

func inName(r rune) bool {
	return r == '_' || r == '$' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
