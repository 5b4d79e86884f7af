package app

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// reader finds fault with what has a bracket too many, unless it is away.
type reader struct {
	asked int
	away  error
}

func (r *reader) Check(_ context.Context, text string) error {
	r.asked++
	switch {
	case r.away != nil:
		return r.away
	case strings.Contains(text, "}}"):
		return &script.Error{Kind: script.Syntax, Line: 2, Message: "unexpected }"}
	}
	return nil
}

func TestSyntax(t *testing.T) {
	r := &reader{}
	s := newSyntax()
	c := &connector.Connector{Script: "good()"}
	bad := &connector.Method{Name: "Bad", Endpoint: "https://a", Script: "bad(}}"}
	if err := s.check(c, bad); err != nil {
		t.Errorf("without a parser: %v", err)
	}
	s.parser = r
	for range 2 {
		if err := s.check(c, bad); err == nil || !strings.Contains(err.Error(), "line 2: unexpected }") {
			t.Errorf("bad syntax: %v", err)
		}
	}
	if r.asked != 2 {
		t.Errorf("asked %d times about two scripts", r.asked)
	}
	if err := s.check(c, &connector.Method{Endpoint: "https://a/{{x | nonsense}}"}); err == nil {
		t.Error("what cannot be compiled passes")
	}
	c.Script = "worse(}}"
	if err := s.check(c, &connector.Method{Endpoint: "https://a"}); err == nil || !strings.Contains(err.Error(), "the connector's Script") {
		t.Errorf("bad syntax of the connector: %v", err)
	}
	r.away = errors.New("no workers")
	c.Script = "other(}}"
	if err := s.check(c, &connector.Method{Endpoint: "https://a"}); err != nil {
		t.Errorf("refused for want of a parser: %v", err)
	}
	r.away = nil
	if err := s.check(c, &connector.Method{Endpoint: "https://a"}); err == nil {
		t.Error("what could not be parsed once is taken for good")
	}
}
