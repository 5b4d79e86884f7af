package password

import (
	_ "embed" // the list
	"strings"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

// Lengths of a password, in characters.
const (
	MinLength = 8
	MaxLength = 128
)

// variety is how many different characters a password has at least.
const variety = 3

// common is a line for each password that everybody tries first.
//
//go:embed common.txt
var common string

// Check says whether a password is strong enough. What it is made of does not
// matter, as long as it is not one of those that are tried first.
//
// Errors: Invalid, about the field Password.
func Check(password tandem.Secret) error {
	text := string(password)
	switch n := utf8.RuneCountInString(text); {
	case n < MinLength, n > MaxLength:
		return tandem.Invalidf("Password", "Password must have %d to %d characters", MinLength, MaxLength)
	case isCommon(text):
		return tandem.Invalidf("Password", "Password is too easy to guess")
	}
	return nil
}

func isCommon(text string) bool {
	different := map[rune]bool{}
	for _, r := range text {
		different[r] = true
	}
	folded := strings.ToLower(text)
	return len(different) < variety || !strings.Contains(folded, "\n") && strings.Contains(common, "\n"+folded+"\n")
}
