package sandbox

import (
	"embed"
	"strings"
)

//go:embed library/*.js
var libraryFiles embed.FS

// library is a script of others that scripts may use.
type library struct {
	name  string // of its file in library/
	words []string
}

// libraries are all there are. moment-timezone adds itself to moment, so it comes
// after.
var libraries = []library{
	{name: "moment.js", words: []string{"moment"}},
	{name: "moment-timezone.js", words: []string{"moment", "tz"}},
	{name: "crypto-js.js", words: []string{"CryptoJS"}},
}

// mentioned says whether a script may use l: all its words are in the text.
func (l library) mentioned(text string) bool {
	for _, w := range l.words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func (l library) source() (string, error) {
	text, err := libraryFiles.ReadFile("library/" + l.name)
	return string(text), err
}
