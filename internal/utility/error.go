package utility

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

func buildError(format string, args ...any) *invoke.Error {
	return &invoke.Error{Kind: invoke.Build, Short: tandem.IncidentNotBuilt, Detail: quote(fmt.Sprintf(format, args...))}
}

func authError(format string, args ...any) *invoke.Error {
	return &invoke.Error{Kind: invoke.Auth, Short: tandem.IncidentNotAuthenticated, Detail: quote(fmt.Sprintf(format, args...))}
}

func formatError(format string, args ...any) *invoke.Error {
	return &invoke.Error{Kind: invoke.Format, Short: tandem.IncidentNotExpected, Detail: quote(fmt.Sprintf(format, args...))}
}

// callError is for a server that did not do what it was asked to.
func callError(kind invoke.Kind, format string, args ...any) *invoke.Error {
	return &invoke.Error{Kind: kind, Short: tandem.IncidentNotCalled, Detail: quote(fmt.Sprintf(format, args...))}
}

// maxQuote is how many characters of an error are told.
const maxQuote = 1000

// quote makes what a stranger may have written fit to be shown in a line.
func quote(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	if runes := []rune(text); len(runes) > maxQuote {
		text = string(runes[:maxQuote]) + "…"
	}
	return strings.TrimSpace(text)
}

// minSecret is the length from which on a secret is told from other text.
const minSecret = 4

// conceal takes the credentials of an operation out of an error.
func conceal(err *invoke.Error, secrets ...string) *invoke.Error {
	for _, s := range secrets {
		if len(s) >= minSecret {
			err.Detail = strings.ReplaceAll(err.Detail, s, "***")
		}
	}
	return err
}

// unreached is the error of a server that could not be reached, or that went too
// far; nil if err is something that a server said. What a library makes of the
// error of a connection may not tell, so the session is asked first.
func (s *session) unreached(err error) *invoke.Error {
	switch {
	case s.left.Load() < 0:
		return formatError("%v", errSaysTooMuch)
	case s.elsewhere.Load():
		return callError(invoke.Permanent, "%v", errElsewhere)
	}
	return unreached(s.ctx, err)
}

// unreached is the error of what could not be reached, or took too long; nil if
// it is another.
func unreached(ctx context.Context, err error) *invoke.Error {
	kind := egress.KindOf(err)
	switch {
	case kind == egress.Refused:
		return callError(invoke.Permanent, "%s", egress.Refused)
	case ctx.Err() != nil:
		e := callError(invoke.Transient, "the server did not finish in the time that there is for it")
		if context.Cause(ctx) == errIdle {
			e = callError(invoke.Transient, "%v", errIdle)
		}
		e.Err = ctx.Err()
		return e
	case kind != "":
		return callError(invoke.Transient, "the server cannot be reached: %v", err)
	}
	return nil
}
