package notify

import (
	"cmp"
	"embed"
	htmltemplate "html/template"
	"strings"
	"text/template"

	"github.com/tandem-ipaas/tandem"
)

//go:embed layout/letter.txt layout/letter.html
var layouts embed.FS

// page is what the layouts show.
type page struct {
	tandem.Letter
	From string // the partner's name
}

// layout gives a letter as text and as HTML. Nothing in it is fetched from
// anywhere, and what it says is the same in both.
func layout(from string, l tandem.Letter) (text, html string, err error) {
	l.LinkText = cmp.Or(l.LinkText, "Open")
	p := page{l, cmp.Or(plainText(from), "Tandem")}
	texts, err := template.ParseFS(layouts, "layout/letter.txt")
	if err != nil {
		return "", "", err
	}
	pages, err := htmltemplate.ParseFS(layouts, "layout/letter.html")
	if err != nil {
		return "", "", err
	}
	var b strings.Builder
	if err := texts.Execute(&b, p); err != nil {
		return "", "", err
	}
	text = b.String()
	b.Reset()
	if err := pages.Execute(&b, p); err != nil {
		return "", "", err
	}
	return text, b.String(), nil
}
