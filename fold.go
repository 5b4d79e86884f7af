package tandem

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Fold gives what texts of people are compared and found by: in lower case, and
// the same however a keyboard or file system has put the characters together
// (NFKC).
func Fold(text string) string { return strings.ToLower(norm.NFKC.String(text)) }
