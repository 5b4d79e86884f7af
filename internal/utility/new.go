package utility

import (
	"maps"

	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// New puts sets of operations together, by the names that methods have in
// BuiltIn.
func New(sets ...map[string]invoke.BuiltIn) map[string]invoke.BuiltIn {
	all := map[string]invoke.BuiltIn{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	return all
}
