package archtest

import (
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"os"
	"strings"
	"testing"
)

// The limits. Well below them it is time to think again: see CONTRIBUTING.md.
const (
	maxFile      = 500 // lines of code, without comments and empty lines
	maxFunction  = 100 // lines
	maxInterface = 8   // methods
)

// measure is a size of something, with where it is.
type measure struct {
	size int
	what string
}

// checkComment reports a package without a package comment.
func checkComment(p *pkg) []string {
	for _, f := range p.files {
		if f.ast.Doc != nil && strings.TrimSpace(f.ast.Doc.Text()) != "" {
			return nil
		}
	}
	return []string{p.path + ": has no package comment: say what it is for, and why it is as it is"}
}

// checkInit reports init functions.
func checkInit(m *module, p *pkg) (faults []string) {
	for f, function := range p.functions() {
		if function.Recv == nil && function.Name.Name == "init" {
			faults = append(faults, m.at(f, function)+": func init: what runs unasked cannot be ordered, configured or tested")
		}
	}
	return faults
}

// functions are a package's functions and methods with a body.
func (p *pkg) functions() func(yield func(*file, *ast.FuncDecl) bool) {
	return func(yield func(*file, *ast.FuncDecl) bool) {
		for _, f := range p.files {
			for _, d := range f.ast.Decls {
				if function, ok := d.(*ast.FuncDecl); ok && function.Body != nil && !yield(f, function) {
					return
				}
			}
		}
	}
}

// functionSizes measures functions in lines.
func functionSizes(m *module, p *pkg) (sizes []measure) {
	for f, function := range p.functions() {
		if !f.generated {
			sizes = append(sizes, measure{m.lines(function), m.at(f, function) + ": " + function.Name.Name})
		}
	}
	return sizes
}

// fileSizes measures files in lines of code.
func fileSizes(p *pkg) (sizes []measure) {
	for _, f := range p.files {
		if !f.generated {
			sizes = append(sizes, measure{f.code, f.name})
		}
	}
	return sizes
}

// interfaceSizes measures the interfaces that a package names, in methods.
// Those of interfaces embedded from the same package count in full, those from
// elsewhere as one.
func interfaceSizes(m *module, p *pkg) (sizes []measure) {
	named := map[string]*ast.InterfaceType{}
	where := map[string]string{}
	for _, f := range p.files {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if i, ok := spec.Type.(*ast.InterfaceType); ok && !f.test && !f.generated {
					named[spec.Name.Name], where[spec.Name.Name] = i, m.at(f, spec)
				}
			}
			return true
		})
	}
	for name, i := range named {
		sizes = append(sizes, measure{methods(i, named), where[name] + ": " + name})
	}
	return sizes
}

func methods(i *ast.InterfaceType, named map[string]*ast.InterfaceType) (n int) {
	for _, field := range i.Methods.List {
		if name, ok := field.Type.(*ast.Ident); ok && named[name.Name] != nil {
			n += methods(named[name.Name], named)
			continue
		}
		n += max(1, len(field.Names))
	}
	return n
}

// over reports the sizes that are beyond a limit.
func over(limit int, unit string, sizes []measure) (faults []string) {
	for _, s := range sizes {
		if s.size > limit {
			faults = append(faults, fmt.Sprintf("%s has %d %s, and %d is the limit", s.what, s.size, unit, limit))
		}
	}
	return faults
}

// codeLines counts the lines of a file that hold more than space and comments.
func codeLines(t *testing.T, name string) int {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	position := fset.AddFile(name, -1, len(text))
	var s scanner.Scanner
	s.Init(position, text, nil, 0) // without comments
	lines := map[int]bool{}
	for {
		at, tok, literal := s.Scan()
		if tok == token.EOF {
			return len(lines)
		}
		if tok == token.SEMICOLON && literal == "\n" {
			continue // put in at the end of a line, even an empty one
		}
		first := position.Line(at)
		for i := range strings.Count(literal, "\n") + 1 { // raw strings span lines
			lines[first+i] = true
		}
	}
}
