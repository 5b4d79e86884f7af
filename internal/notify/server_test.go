package notify

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
)

func TestParseServer(t *testing.T) {
	const from = "tandem@acme.test"
	for text, want := range map[string]Server{
		"":                                      {},
		"smtp://mail.acme.test":                 {Host: "mail.acme.test", Port: 587, From: from},
		"smtps://mail.acme.test":                {Host: "mail.acme.test", Port: 465, TLS: true, From: from},
		"smtp://amy%40x:p%2Fw@mail.acme.test:2": {Host: "mail.acme.test", Port: 2, User: "amy@x", Password: "p/w", From: from},
		"smtp://10.0.0.1:25?tls=none":           {Host: "10.0.0.1", Port: 25, Plain: true, From: from},
		"smtp://127.0.0.1:25":                   {Host: "127.0.0.1", Port: 25, Plain: true, From: from},
		"smtp://[::1]":                          {Host: "::1", Port: 587, Plain: true, From: from},
		"smtp://localhost":                      {Host: "localhost", Port: 587, Plain: true, From: from},
	} {
		got, err := ParseServer(text, "", from)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", text, diff)
		}
	}
	if s, err := ParseServer("smtp://amy:old@mail.acme.test", "new", from); err != nil || s.Password != "new" {
		t.Errorf("a password of its own: %+v, %v", s, err)
	}
}

func TestParseServerRefuses(t *testing.T) {
	for _, tc := range []struct{ url, from, field string }{
		{"mail.acme.test:587", "a@b.test", "smtp-url"},
		{"http://mail.acme.test", "a@b.test", "smtp-url"},
		{"smtp://:hunter2@", "a@b.test", "smtp-url"},
		{"smtp://u:hunter2@mail.acme.test:99999", "a@b.test", "smtp-url"},
		{"smtp://u:hunter2@mail.acme.test:x", "a@b.test", "smtp-url"},
		{"smtp://mail.acme.test?tls=maybe", "a@b.test", "smtp-url"},
		{"smtp://mail.acme.test", "", "mail-from"},
		{"smtp://mail.acme.test", "Acme <a@b.test>", "mail-from"},
	} {
		_, err := ParseServer(tc.url, "", tc.from)
		if tandem.ErrorCode(err) != tandem.Invalid || !strings.Contains(err.Error(), tc.field) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s from %q: %v, want Invalid that names %s", tc.url, tc.from, err, tc.field)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, text := range []string{"amy@x.test", "amy@x.test,bob@x.test", "amy@x.test\r\nBcc: bob@x.test", "Amy <amy@x.test>", "", "amy", `"a b"@x.test`, "ämy@x.test"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := address(text)
		if err == nil && (got != text || strings.ContainsAny(got, "\r\n\x00 <>,;") || !strings.Contains(got, "@")) {
			t.Errorf("%q was taken for an address", text)
		}
	})
}
