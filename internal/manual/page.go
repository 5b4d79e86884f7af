package manual

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Page is a page of the manual, as its contents list it.
type Page struct {
	Name     string // in the address; "": the first
	Title    string
	Headings []Heading
}

// Heading is a part of a page.
type Heading struct {
	Anchor string
	Title  string
}

// page is one that is rendered.
type page struct {
	Page
	Body   template.HTML
	groups []group // of links under a heading, which the first page is made of
}

// group is a part of the navigation.
type group struct {
	Title string
	Links []link
}

type link struct{ To, Title string }

var markdown = goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(parser.WithAutoHeadingID()))

// readPage renders a file, whose first heading is its title.
func readPage(files fs.FS, file string) (p page, err error) {
	source, err := fs.ReadFile(files, file)
	if err != nil {
		return p, fmt.Errorf("read the manual: %w", err)
	}
	p.Name = nameOf(file)
	doc := markdown.Parser().Parse(text.NewReader(source))
	if err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			p.take(n, source)
		}
		return ast.WalkContinue, nil
	}); err != nil {
		return p, fmt.Errorf("read %s: %w", file, err)
	}
	unlink(doc)
	var b bytes.Buffer
	if err := markdown.Renderer().Render(&b, source, doc); err != nil {
		return p, fmt.Errorf("render %s: %w", file, err)
	}
	p.Body = template.HTML(b.String()) //nolint:gosec // the text is ours, and the renderer leaves raw HTML out
	return p, nil
}

// nameOf is the address of a file's page.
func nameOf(file string) string {
	return strings.TrimSuffix(strings.TrimSuffix(file, "README.md"), ".md")
}

// take notes what a node says of the page, and has links lead to pages.
func (p *page) take(n ast.Node, source []byte) {
	switch n := n.(type) {
	case *ast.Heading:
		title := words(n, source)
		id, _ := n.AttributeString("id")
		anchor, _ := id.([]byte)
		if n.Level == 1 {
			p.Title = title
			return
		}
		p.Headings = append(p.Headings, Heading{string(anchor), title})
		p.groups = append(p.groups, group{Title: title})
	case *ast.Link:
		n.Destination = []byte(destination(string(n.Destination)))
		if last := len(p.groups) - 1; last >= 0 {
			p.groups[last].Links = append(p.groups[last].Links, link{string(n.Destination), words(n, source)})
		}
	}
}

// words are the text of a node, without its form.
func words(n ast.Node, source []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(source))
			continue
		}
		b.WriteString(words(c, source))
	}
	return b.String()
}

// destination is where a link to a file leads in the product; "": nowhere.
func destination(to string) string {
	file, anchor, found := strings.Cut(to, "#")
	if found {
		anchor = "#" + anchor
	}
	switch {
	case strings.Contains(to, "://"), file == "", strings.HasPrefix(to, "/"):
		return to
	case strings.HasPrefix(file, "../"):
		return ""
	case strings.HasSuffix(file, ".md"):
		return Base + nameOf(file) + anchor
	}
	return Base + to
}

// unlink puts what links to nowhere say in their place.
func unlink(doc ast.Node) {
	var dead []*ast.Link
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // it never fails
		if l, ok := n.(*ast.Link); ok && entering && len(l.Destination) == 0 {
			dead = append(dead, l)
		}
		return ast.WalkContinue, nil
	})
	for _, l := range dead {
		for c := l.FirstChild(); c != nil; c = l.FirstChild() {
			l.Parent().InsertBefore(l.Parent(), l, c)
		}
		l.Parent().RemoveChild(l.Parent(), l)
	}
}
