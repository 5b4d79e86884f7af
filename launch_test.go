package tandem_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tandem-ipaas/tandem"
)

func TestLaunchPath(t *testing.T) {
	launch := func(change func(*tandem.Launch)) tandem.Launch {
		l := tandem.DefaultLaunch()
		change(&l)
		return l
	}
	for want, l := range map[string]tandem.Launch{
		"/launch?auto=true&single=false":                   tandem.DefaultLaunch(),
		"/launch?inline=false&auto=true&single=false":      launch(func(l *tandem.Launch) { l.InlineOAuth = false }),
		"/launch?start=false&auto=true&single=false":       launch(func(l *tandem.Launch) { l.Start = false }),
		"/launch?once=true&auto=true&single=false":         launch(func(l *tandem.Launch) { l.RunOnce = true }),
		"/launch?wizard=true&auto=true&single=false":       launch(func(l *tandem.Launch) { l.Wizard = true }),
		"/launch?descriptions=true&auto=true&single=false": launch(func(l *tandem.Launch) { l.DisplayDescriptions = true }),
		"/launch?auto=false&single=true":                   launch(func(l *tandem.Launch) { l.AutoInstall, l.SingleInstall = false, true }),
		"/launch?auto=true&single=false&tags=CRM&tags=e+mail%26more&completeParameter=a%3D1%262": launch(func(l *tandem.Launch) {
			l.Tags, l.CompleteParameter = []string{"CRM", "e mail&more"}, "a=1&2"
		}),
		"/launch?inline=false&start=false&once=true&wizard=true&descriptions=true&auto=false&single=true": {
			RunOnce: true, Wizard: true, DisplayDescriptions: true, SingleInstall: true,
		},
	} {
		if got := l.Path(); got != want {
			t.Errorf("%+v: %s, want %s", l, got, want)
		}
	}
}

func TestShopPath(t *testing.T) {
	for want, s := range map[string]tandem.Shop{
		"/marketplace/27":                                     {Marketplace: 27, InlineOAuth: true},
		"/marketplace/27?inline=false":                        {Marketplace: 27},
		"/marketplace/27?inline=false&completeParameter=x%2F": {Marketplace: 27, CompleteParameter: "x/"},
	} {
		got := s.Path()
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
		u, err := url.Parse(got)
		if err != nil {
			t.Fatal(err)
		}
		if back := tandem.ParseShop(27, u.Query()); back != s {
			t.Errorf("read back %+v, want %+v", back, s)
		}
	}
}

func TestSignInURL(t *testing.T) {
	for _, service := range []string{"https://hostapp.example.com", "https://hostapp.example.com/"} {
		got := tandem.SignInURL(service, "lld3UjpZKkuh0I7ObHR0EtxRsPo0No1GqNSyAi8pqXQ=", "/launch?auto=true&tags=a b")
		want := "https://hostapp.example.com/account/signinwithtoken?token=lld3UjpZKkuh0I7ObHR0EtxRsPo0No1GqNSyAi8pqXQ%3D&returnUrl=%2Flaunch%3Fauto%3Dtrue%26tags%3Da+b"
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestParseLaunchTakesWhatComes(t *testing.T) {
	q := url.Values{"start": {"FALSE"}, "once": {"maybe"}, "tags": {"", "a"}, "wizard": {"True"}}
	want := tandem.DefaultLaunch()
	want.Start, want.Wizard, want.Tags = false, true, []string{"a"}
	if diff := cmp.Diff(want, tandem.ParseLaunch(q)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func FuzzLaunch(f *testing.F) {
	f.Add(uint8(0), "CRM", "a=1")
	f.Add(uint8(255), "a\x00;b", "%zz+ &")
	f.Fuzz(func(t *testing.T, bits uint8, tag, parameter string) {
		bit := func(n int) bool { return bits>>n&1 == 1 }
		l := tandem.Launch{
			Start: bit(0), RunOnce: bit(1), AutoInstall: bit(2), SingleInstall: bit(3), Wizard: bit(4), DisplayDescriptions: bit(5), InlineOAuth: bit(6),
			CompleteParameter: parameter,
		}
		if tag != "" {
			l.Tags = []string{tag}
		}
		u, err := url.Parse(l.Path())
		if err != nil || !strings.HasPrefix(l.Path(), "/launch?") {
			t.Fatalf("%s: %v", l.Path(), err)
		}
		if diff := cmp.Diff(l, tandem.ParseLaunch(u.Query()), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: -want +got\n%s", l.Path(), diff)
		}
	})
}
