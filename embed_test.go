package tandem_test

import (
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

func TestEmbedSettings(t *testing.T) {
	for _, host := range []string{"app.example.com", "https://app.example.com", "*.example.com", "localhost:3000", "http://*.Example.com:8080", "xn--bcher-kva.example"} {
		e := tandem.EmbedSettings{Frames: true, FrameHosts: []string{" " + host}}
		if err := e.Check(); err != nil || e.FrameAncestors() != strings.ToLower(host) {
			t.Errorf("%s: %v, %s", host, err, e.FrameAncestors())
		}
	}
	for _, host := range []string{"", "*", "https://", "a b", "a;script-src *", "'self'", "a.example/path", "javascript:x", "https:", "data:", "a,b", "-a.test", "a..b", "*.", "a.*.b", "ftp://a.test", "a\n.test", "bücher.example"} {
		e := tandem.EmbedSettings{FrameHosts: []string{host}}
		if err := e.Check(); tandem.ErrorCode(err) != tandem.Invalid {
			t.Errorf("frame host %q: %v", host, err)
		}
	}
	for _, origin := range []string{"*", "null", "app.example.com", "https://app.example.com/", "https://*.example.com", "https://a.test?x", "https://u@a.test", `https://a.test"`} {
		e := tandem.EmbedSettings{TargetOrigins: []string{origin}}
		if err := e.Check(); tandem.ErrorCode(err) != tandem.Invalid {
			t.Errorf("origin %q: %v", origin, err)
		}
	}
	e := tandem.EmbedSettings{TargetOrigins: []string{"https://App.example.com:8443"}, FrameHosts: make([]string, 51)}
	if err := e.Check(); tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("too many hosts: %v", err)
	}
	if e.FrameHosts = nil; e.Check() != nil || e.TargetOrigins[0] != "https://app.example.com:8443" {
		t.Errorf("%+v", e)
	}
	for _, e := range []tandem.EmbedSettings{{}, {Frames: true}, {FrameHosts: []string{"a.test"}}} {
		if got := e.FrameAncestors(); got != "'none'" {
			t.Errorf("%+v: %s", e, got)
		}
	}
}
