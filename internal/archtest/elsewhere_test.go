package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// TestElsewhere checks that all of it compiles for macOS and for Windows, as a build
// would, down to the standard library, but makes no code: a build takes minutes.
func TestElsewhere(t *testing.T) {
	for _, system := range []string{"darwin", "windows"} {
		t.Run(system, func(t *testing.T) {
			all, err := listed(root, system)
			if err != nil {
				t.Fatal(err)
			}
			if err := typed(all); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestElsewhereFails(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":       "module example.test\n\ngo 1.26\n",
		"x.go":         "package x\n\nfunc F() string { return name }\n",
		"x_linux.go":   "package x\n\nconst name = \"Linux\"\n",
		"x_darwin.go":  "package x\n\nconst name = \"macOS\"\n",
		"x_windows.go": "package x\n\nconst name = 95\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for system, fails := range map[string]bool{"darwin": false, "windows": true} {
		all, err := listed(dir, system)
		if err != nil {
			t.Fatal(err)
		}
		if err := typed(all); (err != nil) != fails {
			t.Errorf("%s: %v", system, err)
		}
	}
}

// listing is a package as "go list" tells of it.
type listing struct {
	ImportPath, Dir string
	GoFiles         []string
	ImportMap       map[string]string // of what is vendored in the standard library
	Standard        bool
	Module          *struct{ Main bool }
}

// listed are all packages of the module in dir for a system, and all that they need: those
// first that others need.
func listed(dir, system string) (all []listing, err error) {
	list := exec.Command("go", "list", "-deps", "-json=ImportPath,Dir,GoFiles,ImportMap,Standard,Module", "./...")
	list.Dir, list.Env = dir, append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	var refused bytes.Buffer
	list.Stderr = &refused
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, &refused)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listing
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
}

// typed checks the types of packages, each of which comes after those that it needs. Of
// others' packages it does not look into functions.
func typed(all []listing) error {
	known := map[string]*types.Package{"unsafe": types.Unsafe}
	for _, l := range all {
		if known[l.ImportPath] != nil {
			continue
		}
		fset := token.NewFileSet()
		files, err := parsed(fset, l)
		if err != nil {
			return err
		}
		config := types.Config{
			IgnoreFuncBodies: l.Module == nil || !l.Module.Main,
			Sizes:            types.SizesFor("gc", runtime.GOARCH),
			Importer:         importer(func(path string) *types.Package { return known[l.path(path)] }),
		}
		if known[l.ImportPath], err = config.Check(l.ImportPath, fset, files, nil); err != nil {
			return fmt.Errorf("package %s: %w", l.ImportPath, err)
		}
	}
	return nil
}

func parsed(fset *token.FileSet, l listing) (files []*ast.File, err error) {
	for _, name := range l.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(l.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// path is the package that an import of l is of.
func (l listing) path(imported string) string {
	if path, ok := l.ImportMap[imported]; ok {
		return path
	}
	return imported
}

// importer finds packages that are known.
type importer func(path string) *types.Package

// Import implements types.Importer.
func (i importer) Import(path string) (*types.Package, error) {
	if p := i(path); p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%s is not known", path)
}
