package catalog

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image/png"
	"io/fs"
	"path"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// The file that defines a connector, and the most bytes that its icon may have.
const (
	definition  = "connector.yaml"
	maxIconSize = 256 << 10
	iconPrefix  = "data:image/png;base64,"
	maxIconText = len(iconPrefix) + maxIconSize*4/3 + 4
)

// Store numbers connectors and their parts, for good, and keeps partners' own.
type Store interface {
	// NumberConnectors fills in the numbers of the parts of all, and gives
	// those of the connectors themselves.
	NumberConnectors(ctx context.Context, all []*connector.Connector) ([]tandem.ConnectorID, error)
	// AccountPartner errors: NotFound.
	AccountPartner(ctx context.Context, a tandem.AccountID) (tandem.PartnerID, error)
	// ConnectorRevision counts the changes of a partner's own connectors; 0:
	// there never were any.
	ConnectorRevision(ctx context.Context, p tandem.PartnerID) (int64, error)
	// OwnConnectors gives each of a partner's own that is not known at its
	// revision to read, and fills in the numbers of the parts of what that makes
	// of it. It leaves out those that are deleted.
	OwnConnectors(ctx context.Context, p tandem.PartnerID, known func(id tandem.ConnectorID, revision int64) bool, read func(*tandem.CustomConnector) (*connector.Connector, error)) error
}

// Check says what keeps a method from being called, beyond what package connector
// can see.
type Check func(*connector.Connector, *connector.Method) error

// Load reads a library from folders, and checks each method, unless check is nil;
// a release is in one folder only.
//
// Errors: all that is wrong with the files, joined.
func Load(ctx context.Context, numbers Store, check Check, folders ...fs.FS) (*Library, error) {
	var l loader
	for _, folder := range folders {
		l.folder(folder)
	}
	l.duplicates()
	if check != nil {
		l.methods(check)
	}
	if err := errors.Join(l.errs...); err != nil {
		return nil, fmt.Errorf("load the library of connectors:\n%w", err)
	}
	all := make([]*connector.Connector, len(l.found))
	for i, f := range l.found {
		all[i] = f.connector
	}
	ids, err := numbers.NumberConnectors(ctx, all)
	if err != nil {
		return nil, fmt.Errorf("load the library of connectors: %w", err)
	}
	releases := make([]tandem.LibraryConnector, len(l.found))
	for i, f := range l.found {
		releases[i] = tandem.LibraryConnector{ID: ids[i], Connector: f.connector, Icon: f.icon}
	}
	return newLibrary(numbers, check, releases), nil
}

// loader collects what is found, and what is wrong.
type loader struct {
	found []file
	errs  []error
}

type file struct {
	name      string
	connector *connector.Connector
	icon      string
}

func (l *loader) fail(name, field, format string, args ...any) {
	l.errs = append(l.errs, &connector.Error{File: name, Field: field, Message: fmt.Sprintf(format, args...)})
}

// folder reads the definitions in the folders of one library folder.
func (l *loader) folder(folder fs.FS) {
	names, err := fs.Glob(folder, path.Join("*", definition))
	if err == nil {
		_, err = fs.Stat(folder, ".") // Glob is silent on a folder that is not there
	}
	if err != nil {
		l.errs = append(l.errs, err)
		return
	}
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			l.errs = append(l.errs, err)
			continue
		}
		c, err := connector.Parse(name, data)
		if err != nil {
			l.errs = append(l.errs, err)
			continue
		}
		icon, err := readIcon(folder, name, c)
		if err != nil {
			l.fail(name, "Icon", "%v", err)
			continue
		}
		l.found = append(l.found, file{name, c, icon})
	}
}

// methods checks all methods.
func (l *loader) methods(check Check) {
	for _, f := range l.found {
		for i := range f.connector.Methods {
			m := &f.connector.Methods[i]
			if err := check(f.connector, m); err != nil {
				l.fail(f.name, fmt.Sprintf("Methods[%d]", i), "%s: %v", m.Name, err)
			}
		}
	}
}

// readIcon gives the icon beside a definition as a data URL; "" for none.
func readIcon(folder fs.FS, name string, c *connector.Connector) (string, error) {
	if c.Icon == "" {
		return "", nil
	}
	data, err := fs.ReadFile(folder, path.Join(path.Dir(name), c.Icon))
	if err != nil {
		return "", err
	}
	if len(data) > maxIconSize {
		return "", fmt.Errorf("%s has %d KB, and may have %d at most", c.Icon, len(data)>>10, maxIconSize>>10)
	}
	if _, err := png.DecodeConfig(bytes.NewReader(data)); err != nil {
		return "", fmt.Errorf("%s is not a PNG picture: %w", c.Icon, err)
	}
	return iconPrefix + base64.StdEncoding.EncodeToString(data), nil
}

// duplicates finds releases that are there twice, and GUIDs of two connectors.
func (l *loader) duplicates() {
	releases, guids := map[string]file{}, map[string]file{}
	for _, f := range l.found {
		release := strings.ToLower(f.connector.Name) + "\n" + f.connector.Version
		if first := once(releases, release, f); first.name != f.name {
			l.fail(f.name, "Name", "%s %s is in %s too", f.connector.Name, f.connector.Version, first.name)
		}
		guid := f.connector.UniqueIdentifier
		if first := once(guids, guid, f); !strings.EqualFold(first.connector.Name, f.connector.Name) {
			l.fail(f.name, "UniqueIdentifier", "%s is that of %s in %s", guid, first.connector.Name, first.name)
		}
	}
}

// once gives the first file that came with a key.
func once(seen map[string]file, key string, f file) file {
	if _, ok := seen[key]; !ok {
		seen[key] = f
	}
	return seen[key]
}
