package tandem_test

import (
	"testing"

	"github.com/tandem-ipaas/tandem"
)

func TestFold(t *testing.T) {
	for _, alike := range [][]string{
		{"amélie", "Amélie", "AMÉLIE", "ame\u0301lie", "AME\u0301LIE"},
		{"한글", "\u1112\u1161\u11ab\u1100\u1173\u11af"},
		{"office 1", "oﬃce １"},
		{"å", "\u212b", "a\u030a"},
		{""},
	} {
		for _, text := range alike {
			if got := tandem.Fold(text); got != alike[0] || tandem.Fold(got) != got {
				t.Errorf("%+q becomes %+q, want %+q", text, got, alike[0])
			}
		}
	}
	if tandem.Fold("amelie") == tandem.Fold("amélie") {
		t.Error("accents are part of a name")
	}
}
