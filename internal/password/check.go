package password

import (
	_ "embed" // the list
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

// Lengths of a password, in characters.
const (
	MinLength = 8
	MaxLength = 128
)

// ownWords are those of this product and its trade, which whoever guesses at one
// of its doors tries first.
var ownWords = regexp.MustCompile(`tandem|ipaas|integrat(ion|or|e)s?|connect(or)?s?|cycles?|launch|orbit|market(place)?|console|account|partner|template|workflow|webhook|api|admin(istrator)?|user|password|passwort|secret|welcome|login|signin|sign-?on`)

// minOwn is how many letters a password has beside such words, at least, if it
// has one of them.
const minOwn = 4

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
	case isCommon(text), isOwn(text):
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

// isOwn says that little but our own words is in a password: Tandem-2026! is no
// better than tandem.
func isOwn(text string) bool {
	folded := strings.ToLower(text)
	rest := ownWords.ReplaceAllString(folded, "")
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, rest)
	return rest != folded && utf8.RuneCountInString(letters) < minOwn
}
