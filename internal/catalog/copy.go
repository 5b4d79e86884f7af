package catalog

import (
	"encoding/json"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// maxCopies is how many releases with copied categories a shelf keeps.
const maxCopies = 2_000

// copied names a release with copies of categories.
type copied struct {
	release *tandem.LibraryConnector
	copies  string // JSON
}

// copiedInto is r with copies of categories: the same value for the same ones, as
// methods are compiled once.
func (s *shelf) copiedInto(r *tandem.LibraryConnector, copies []connector.CategoryCopy) (*tandem.LibraryConnector, error) {
	if len(copies) == 0 {
		return r, nil
	}
	key, err := json.Marshal(copies)
	if err != nil {
		return nil, fmt.Errorf("copies of connector %d: %w", r.ID, err)
	}
	return s.copies.Load(copied{r, string(key)}, func() (*tandem.LibraryConnector, error) { return r.With(copies), nil })
}
