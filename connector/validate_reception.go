package connector

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// reception checks how a webhook is received.
func (v *validator) reception(m *Method, at string) {
	r := m.Reception
	if r == nil {
		return
	}
	at += ".Reception"
	if m.MethodType != Webhook {
		v.errs.add(at, "is for webhooks only")
		return
	}
	for i, method := range r.HTTPMethods {
		field := fmt.Sprintf("%s.HttpMethods[%d]", at, i)
		switch {
		case !slices.Contains(httpMethods, method) || method == "HEAD":
			v.errs.add(field, "%q is not known; it is one of GET, POST, PUT, PATCH, DELETE", method)
		case slices.Contains(r.HTTPMethods[:i], method):
			v.errs.add(field, "%s is there twice", method)
		}
	}
	if r.EventHeader != "" {
		v.header(r.EventHeader, at+".EventHeader")
		if r.EventField != "" {
			v.errs.add(at+".EventField", "cannot be together with EventHeader")
		}
	}
	v.location(r.EventField, at+".EventField")
	if r.Signature != nil {
		v.signature(r.Signature, at+".Signature")
	}
}

func (v *validator) signature(s *Signature, at string) {
	v.mergeFieldsOf(s.Secret, at+".Secret", func(name string) bool {
		return name == WebhookSecretField || name == ClientSecretProperty || v.mergeable(name, nil)
	})
	if s.Header != "" {
		v.header(s.Header, at+".Header")
	}
	switch s.Type {
	case SignStandard:
		if s.unlike(Signature{Type: s.Type, Secret: s.Secret, Optional: s.Optional, Tolerance: s.Tolerance}) {
			v.errs.add(at, "StandardWebhooks says all by itself but Secret, Optional and Tolerance")
		}
	case SignToken:
		v.token(s, at)
	case SignHMAC:
		v.hmac(s, at)
	}
	if s.Tolerance < 0 {
		v.errs.add(at+".Tolerance", "cannot be negative")
	}
}

func (s *Signature) unlike(other Signature) bool { return *s != other }

func (v *validator) token(s *Signature, at string) {
	if (s.Header == "") == (s.Query == "") {
		v.errs.add(at, "a Token is in a Header or in the Query, one of both")
	}
	if s.unlike(Signature{Type: s.Type, Secret: s.Secret, Optional: s.Optional, Header: s.Header, Query: s.Query, Prefix: s.Prefix}) {
		v.errs.add(at, "a Token has Secret, Optional, Header or Query, and Prefix only")
	}
}

func (v *validator) hmac(s *Signature, at string) {
	if s.Header == "" {
		v.errs.add(at+".Header", "is required of Hmac")
	}
	if s.Query != "" {
		v.errs.add(at+".Query", "is for Token only")
	}
	v.mergeFieldsOf(s.Content, at+".Content", func(name string) bool {
		return slices.Contains([]string{SignedBody, SignedURL, SignedMethod, SignedTimestamp}, name)
	})
	timed := s.TimestampHeader != "" || s.TimestampPrefix != ""
	switch {
	case s.TimestampHeader != "" && s.TimestampPrefix != "":
		v.errs.add(at+".TimestampPrefix", "cannot be together with TimestampHeader")
	case s.TimestampHeader != "":
		v.header(s.TimestampHeader, at+".TimestampHeader")
	case s.TimestampPrefix != "" && s.Separator == "":
		v.errs.add(at+".Separator", "is required with TimestampPrefix")
	}
	signed := strings.Contains(cmp.Or(s.Content, "{{Body}}"), "{{"+SignedBody+"}}")
	switch names := strings.Contains(s.Content, "{{"+SignedTimestamp+"}}"); {
	case !signed:
		v.errs.add(at+".Content", "must have {{Body}}: what is not signed, anybody may have sent")
	case names && !timed:
		v.errs.add(at+".TimestampHeader", "or TimestampPrefix is required with {{Timestamp}}")
	case timed && !names:
		v.errs.add(at+".Content", "must have {{Timestamp}}: what is not signed, anybody may have sent")
	case s.Tolerance > 0 && !timed:
		v.errs.add(at+".Tolerance", "needs a TimestampHeader or TimestampPrefix")
	}
}
