package store

import (
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// labels is the text that a list of cycles or templates is searched by: a line
// for each tag and connector, the name last, in lower case.
func labels(name string, tags []string, used []tandem.ConnectorRef) string {
	var b strings.Builder
	line := func(kind, value string) { b.WriteString("\n" + kind + strings.ToLower(oneLine.Replace(value))) }
	for _, t := range tags {
		line("tag:", t)
	}
	for _, c := range used {
		line("connector:", c.Name)
	}
	line("name:", name)
	return b.String()
}

var oneLine = strings.NewReplacer("\n", " ")

// likeLabel is the pattern for labels that have a tag or connector; "" is had
// by all.
func likeLabel(kind, value string) string {
	if value == "" {
		return "%"
	}
	return "%\n" + kind + likeFolded(value) + "\n%"
}

// likeName is the pattern for labels whose name has part in it.
func likeName(part string) string { return "%\nname:%" + likeFolded(part) + "%" }

func likeFolded(s string) string {
	return likeEscapes.Replace(strings.ToLower(oneLine.Replace(s)))
}
