package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is all packages of a Go module, parsed.
type module struct {
	path     string
	fset     *token.FileSet
	packages []*pkg
}

// pkg is a package with all its files, whatever system they are built for.
type pkg struct {
	path  string // below the module's root; "." for the root
	files []*file
}

type file struct {
	name      string // below the module's root
	test      bool
	generated bool
	ast       *ast.File
	code      int // lines that hold more than space and comments
}

// load reads the module that has its root at dir.
func load(t *testing.T, dir string) *module {
	t.Helper()
	m := &module{fset: token.NewFileSet()}
	m.path = strings.TrimSpace(string(goList(t, dir, "-m")))
	packages := json.NewDecoder(bytes.NewReader(goList(t, dir, "-e", "-json=ImportPath,Dir", "./...")))
	for {
		var listed struct{ ImportPath, Dir string }
		err := packages.Decode(&listed)
		if errors.Is(err, io.EOF) {
			return m
		}
		if err != nil {
			t.Fatalf("go list in %s: %v", dir, err)
		}
		below, _ := m.below(listed.ImportPath)
		m.packages = append(m.packages, m.loadPackage(t, below, listed.Dir))
	}
}

func goList(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...)
	cmd.Dir, cmd.Stderr = dir, &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %s in %s: %v\n%s", strings.Join(args, " "), dir, err, stderr.Bytes())
	}
	return out
}

func (m *module) loadPackage(t *testing.T, below, dir string) *pkg {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	p := &pkg{path: below}
	for _, name := range names {
		syntax, err := parser.ParseFile(m.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		p.files = append(p.files, &file{
			name:      filepath.ToSlash(filepath.Join(below, filepath.Base(name))),
			test:      strings.HasSuffix(name, "_test.go"),
			generated: ast.IsGenerated(syntax),
			ast:       syntax,
			code:      codeLines(t, name),
		})
	}
	return p
}

// below is an import path without the module's, if it is one of the module.
func (m *module) below(imported string) (string, bool) {
	if imported == m.path {
		return ".", true
	}
	return strings.CutPrefix(imported, m.path+"/")
}

// imports are what the package imports outside its tests, sorted.
func (p *pkg) imports() []string {
	all := map[string]bool{}
	for _, f := range p.files {
		if f.test {
			continue
		}
		for _, spec := range f.ast.Imports {
			if name, err := strconv.Unquote(spec.Path.Value); err == nil {
				all[name] = true
			}
		}
	}
	return sortedKeys(all)
}

// at is where a node stands, for messages.
func (m *module) at(f *file, n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.name, m.fset.Position(n.Pos()).Line)
}

// lines is how many lines a node takes.
func (m *module) lines(n ast.Node) int {
	return m.fset.Position(n.End()).Line - m.fset.Position(n.Pos()).Line + 1
}

func sortedKeys(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
