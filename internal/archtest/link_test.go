package archtest

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	gocmp "github.com/google/go-cmp/cmp"
)

var (
	markdownLink    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	markdownHeading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	notInAnchor     = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// TestLinks follows the links of the documents for people: each leads to a file
// that is there, and to a heading of it.
func TestLinks(t *testing.T) {
	files := os.DirFS(root)
	pages, err := fs.Glob(files, "docs/*.md")
	if err != nil || len(pages) < 5 {
		t.Fatalf("pages %v, %v", pages, err)
	}
	for _, page := range append(pages, "README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md") {
		for _, fault := range checkLinks(files, page) {
			t.Error(fault)
		}
	}
}

func checkLinks(files fs.FS, page string) (faults []string) {
	text, err := fs.ReadFile(files, page)
	if err != nil {
		return []string{err.Error()}
	}
	for _, link := range markdownLink.FindAllStringSubmatch(string(text), -1) {
		to, anchor, _ := strings.Cut(link[1], "#")
		if strings.Contains(to, ":") || strings.HasPrefix(to, "/") { // elsewhere, or of a running server
			continue
		}
		target := page
		if to != "" {
			target = path.Join(path.Dir(page), to)
		}
		if _, err := fs.Stat(files, target); err != nil {
			faults = append(faults, fmt.Sprintf("%s: %s is not there", page, link[1]))
		} else if there, err := fs.ReadFile(files, target); anchor != "" && (err != nil || !hasHeading(string(there), anchor)) {
			faults = append(faults, fmt.Sprintf("%s: %s has no such heading", page, link[1]))
		}
	}
	return faults
}

// hasHeading says whether a page has a heading that browsers know by an anchor.
func hasHeading(text, anchor string) bool {
	for _, h := range markdownHeading.FindAllStringSubmatch(text, -1) {
		slug := notInAnchor.ReplaceAllString(strings.ToLower(strings.TrimSpace(h[1])), "")
		if strings.ReplaceAll(slug, " ", "-") == anchor {
			return true
		}
	}
	return false
}

func TestCheckLinks(t *testing.T) {
	files := fstest.MapFS{
		"docs/a.md": {Data: []byte("# A, b: c\n[1](b.md) [2](b.md#the-end) [3](#a-b-c) [4](../go.mod) [5](https://x.test/#y)\n[6](c.md) [7](b.md#none) [8](#b) [9](/docs/index)")},
		"docs/b.md": {Data: []byte("## The end\n")},
		"go.mod":    {},
	}
	want := []string{"docs/a.md: c.md is not there", "docs/a.md: b.md#none has no such heading", "docs/a.md: #b has no such heading"}
	if diff := gocmp.Diff(want, checkLinks(files, "docs/a.md")); diff != "" {
		t.Error(diff)
	}
}
