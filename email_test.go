package tandem_test

import (
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

func TestParseEmail(t *testing.T) {
	for in, want := range map[string]string{
		" Amy@X.test ": "amy@x.test", "ÉLISE@x.test": "élise@x.test", "a+b@x.test": "a+b@x.test",
		"": "", "amy": "", "amy@": "", "@x.test": "", "a@x.test,b@x.test": "", "a@x.test b@x.test": "", "Amy <amy@x.test>": "",
		"a@x.test\r\nBcc: b@x.test": "", "a\r\n@x.test": "", "a@x.test\x00": "", "\"a b\"@x.test": "", "\"a\r\nb\"@x.test": "", "a@x.test (Amy)": "",
		"a;b@x.test": "", strings.Repeat("a", 250) + "@x.test": "",
	} {
		got, err := tandem.ParseEmail("Email", in)
		if got != want || (tandem.ErrorCode(err) == tandem.Invalid) != (want == "") {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
}

func FuzzParseEmail(f *testing.F) {
	f.Add("amy@x.test")
	f.Add("\"a,b\"@x.test\r\n")
	f.Fuzz(func(t *testing.T, in string) {
		got, err := tandem.ParseEmail("Email", in)
		if err != nil {
			return
		}
		if again, err := tandem.ParseEmail("Email", got); again != got || err != nil {
			t.Errorf("%q: %q, then %q, %v", in, got, again, err)
		}
		if strings.ContainsAny(got, "\r\n,; <>\x00") || strings.Count(got, "@") != 1 {
			t.Errorf("%q: %q can be taken for something else", in, got)
		}
	})
}
