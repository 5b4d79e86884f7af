package workbench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// File is the name of a definition in its folder.
const File = "connector.yaml"

// Check reads a definition: a file, or a folder with one. All that is wrong is
// told, with file, line and field.
func Check(ctx context.Context, name string) (*connector.Connector, error) {
	name, err := find(name)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	c, err := connector.Parse(name, text)
	if err != nil {
		return nil, err
	}
	var wrong []error
	for i := range c.Methods {
		if err := invoke.Check(c, &c.Methods[i]); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: Methods[%d] %q: %w", name, i, c.Methods[i].Name, err))
		}
	}
	wrong = append(wrong, checkScripts(ctx, name, c)...)
	if c.Icon != "" {
		icon, err := os.Open(filepath.Join(filepath.Dir(name), c.Icon))
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: Icon: %w", name, err))
		} else {
			icon.Close()
		}
	}
	return c, errors.Join(wrong...)
}

// checkScripts finds what is no JavaScript.
func checkScripts(ctx context.Context, name string, c *connector.Connector) (wrong []error) {
	pool := script.NewPool(slog.New(slog.DiscardHandler), script.Options{})
	check := func(field, text string) {
		if text == "" {
			return
		}
		if err := pool.Check(ctx, text); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %s: %w", name, field, err))
		}
	}
	check("Script", c.Script)
	for i := range c.Methods {
		check(fmt.Sprintf("Methods[%d] %q: Script", i, c.Methods[i].Name), c.Methods[i].Script)
	}
	if err := pool.Close(); err != nil {
		wrong = append(wrong, err)
	}
	return wrong
}

// find is the file that name means.
func find(name string) (string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	if info.IsDir() {
		return filepath.Join(name, File), nil
	}
	return name, nil
}

// folder is where the recordings of a definition are.
func folder(name string) string { return filepath.Join(filepath.Dir(name), "testdata") }

// New writes a definition to begin with, which is sound. It overwrites nothing.
func New(file, name string) error {
	if strings.ContainsAny(name, "\"\\\n") || name == "" {
		return fmt.Errorf("%q cannot be the name of a connector", name)
	}
	return Save(file, begin(name))
}

// Save writes a new definition, in YAML, and the folders that it is in. It overwrites
// nothing.
func Save(file string, text []byte) (err error) {
	if strings.EqualFold(filepath.Ext(file), ".json") {
		return fmt.Errorf("%s: a definition is written in YAML: let its name end in .yaml", file)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(text)
	return err
}
