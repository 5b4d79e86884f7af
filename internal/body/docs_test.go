package body_test

import (
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
)

// The examples of docs/bodies.md: a document, and what it is written as.
var (
	example      = regexp.MustCompile("(?s)```json\n(.*?)\n```\n\n```(xml|soap|form)\n(.*?)\n```")
	betweenLines = regexp.MustCompile(`\s*\n\s*`)
)

func TestDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../docs/bodies.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := example.FindAllStringSubmatch(string(page), -1)
	if len(examples) != 6 {
		t.Fatalf("found %d examples", len(examples))
	}
	for _, e := range examples {
		doc, kind, text := parse(t, e[1]), e[2], e[3]
		t.Run(e[1], func(t *testing.T) {
			if kind == "form" {
				checkForm(t, doc, text)
				return
			}
			f := body.Format{Type: connector.XMLBody}
			if kind == "soap" {
				f.SOAP, f.XMLRoot = "1.1", "m:GetPrice"
			}
			_, written := encode(t, f, doc, nil)
			same(t, betweenLines.ReplaceAllString(text, ""), strings.TrimPrefix(written, declaration))
			same(t, doc, decode(t, f, "", text, nil))
		})
	}
}

func checkForm(t *testing.T, doc any, text string) {
	f := body.Format{Type: connector.FormBody}
	_, written := encode(t, f, doc, nil)
	plain, err := url.QueryUnescape(strings.ReplaceAll(written, "&", "\n"))
	if err != nil {
		t.Fatal(err)
	}
	same(t, text, plain)
	same(t, doc, decode(t, f, "", written, nil))
}
