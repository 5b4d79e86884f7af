package connector

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"unicode"
)

//go:embed readme.tmpl
var readmeText string

// Readme describes connectors to people, in Markdown: a section for each, with
// its ways to authenticate, settings, methods and lookups. Everything in it is
// from the definitions.
func Readme(all []*Connector) []byte {
	t := template.Must(template.New("").Funcs(template.FuncMap{
		"cell": cell, "anchor": anchor, "way": way, "called": called, "settings": settings, "list": func(s []string) string { return strings.Join(s, ", ") },
	}).Parse(readmeText))
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b *Connector) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Version, b.Version))
	})
	var b bytes.Buffer
	if err := t.Execute(&b, all); err != nil {
		panic("connector: readme: " + err.Error()) // into memory, of a text that is ours
	}
	return b.Bytes()
}

// anchor is what a heading is found by.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// cell is text as a cell of a table takes it.
func cell(s string) string {
	return strings.NewReplacer("\n", " ", "|", `\|`, "<", "&lt;").Replace(strings.TrimSpace(s))
}

// way is a way to authenticate, in a few words.
func way(a Authentication) string {
	kind := string(a.AuthType)
	if a.OAuth2Type != "" {
		kind += " " + string(a.OAuth2Type)
	}
	if a.Name == "" || a.Name == kind {
		return kind
	}
	return fmt.Sprintf("%s (%s)", a.Name, kind)
}

// called is how a method is called.
func called(m Method) string {
	switch {
	case m.BuiltIn != "":
		return "`" + m.BuiltIn + "`"
	case m.Endpoint != "":
		return fmt.Sprintf("`%s %s`", m.HTTPMethod, m.Endpoint)
	}
	return string(m.MethodType)
}

// settings are the parameters that are set once.
func settings(c *Connector) (all []Parameter) {
	for _, p := range c.Parameters {
		if p.AccountConnectorProperty || p.PartnerConnectorProperty {
			all = append(all, p)
		}
	}
	return all
}
