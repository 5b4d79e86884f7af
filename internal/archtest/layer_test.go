package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// everything, in a layer's list of what it may import, lifts the restriction.
const everything = "*"

// layer is a set of packages with the same rights.
type layer struct {
	name string
	// packages are patterns below the module's root: "." is the root package,
	// and "a/..." is a with all that is beneath it. The first layer that has a
	// package is its own.
	packages []string
	// allow names the layers, or single packages, of this module that these
	// packages may import.
	allow []string
	// libraries is how many modules of others a package may import, the
	// golang.org/x ones not counted; 0 is any number.
	libraries int
	why       string
}

// layers are all there are, in order of precedence.
var layers = []layer{
	{
		name:     "tandem",
		packages: []string{"."},
		allow:    []string{"connector"},
		why:      "the vocabulary is what all others speak; it knows none of them",
	},
	{
		name:     "openapi",
		packages: []string{"connector/openapi/..."},
		allow:    []string{"connector"},
		why:      "who reads a connector need not read OpenAPI; who imports one needs nothing else",
	},
	{
		name:     "connector",
		packages: []string{"connector/..."},
		allow:    []string{"connector"},
		why:      "the connector specification is public, and usable without the rest",
	},
	{
		name:     "library",
		packages: []string{"connectors/..."},
		why:      "connectors are data",
	},
	{
		name:     "web",
		packages: []string{"web/..."},
		why:      "the web console's files, embedded; it talks to us over HTTP only",
	},
	{
		name:      "manual",
		packages:  []string{"docs", "internal/manual/..."},
		allow:     []string{"manual"},
		libraries: 1,
		why:       "the manual is text: what it tells of knows nothing of it",
	},
	{
		name:     "client",
		packages: []string{"client/..."},
		allow:    []string{"tandem", "connector"},
		why:      "programs of others import the client; it must bring nothing internal along",
	},
	{
		name:     "example",
		packages: []string{"examples/..."},
		allow:    []string{"example"},
		why:      "the examples stand for software of others, which knows nothing of Tandem",
	},
	{
		name:     "pure",
		packages: []string{"internal/workflow/...", "internal/merge/..."},
		allow:    []string{"tandem", "connector", "pure"},
		why:      "what a graph means is decided without I/O, so that it can be tested by example and by fuzzing",
	},
	{
		name:     "policy",
		packages: []string{"internal/policy/..."},
		allow:    []string{"tandem", "connector"},
		why:      "who may do what is decided on the vocabulary alone",
	},
	{
		name:     "journal",
		packages: []string{"internal/journal/..."},
		allow:    []string{"tandem"},
		why:      "the record of runs is types only, which store and engines share",
	},
	{
		name: "service",
		packages: []string{
			"internal/tenant/...", "internal/identity/...", "internal/catalog/...",
			"internal/connection/...", "internal/template/...", "internal/cycle/...", "internal/usage/...", "internal/marketplace/...",
			"internal/notify/...", "internal/notice/...", "internal/audit/...", "internal/traffic/...", "internal/replay/...", "internal/deploy/...", "internal/rollout/...", "internal/repeat/...", "internal/storage/...", "internal/file/...",
		},
		allow: []string{"tandem", "connector", "pure", "journal", "script", "oauth", "openapi", "leaf"},
		why:   "a service declares the ports that it needs and knows neither another service nor the store behind them",
	},
	{
		name:     "enginetest",
		packages: []string{"internal/engine/enginetest/..."},
		allow:    []string{"engine", "journal", "tandem", "connector", "leaf", "testkit"},
		why:      "the conformance suite knows engines by their interface alone",
	},
	{
		name:     "engine",
		packages: []string{"internal/engine/..."},
		allow:    []string{"engine", "journal", "tandem", "connector", "leaf"},
		why:      "an engine decides who runs what, when; what running is, and where rows are kept, it learns through ports",
	},
	{
		name:      "script",
		packages:  []string{"internal/script/..."},
		allow:     []string{"script", "connector", "internal/body"},
		libraries: 1,
		why:       "scripts of customers run in a process that holds nothing else, and what they are asked for knows nothing of who asks",
	},
	{
		name:     "invoke",
		packages: []string{"internal/invoke/..."},
		allow:    []string{"tandem", "connector", "pure", "script", "leaf"},
		why:      "a call to a connector's method knows nothing of the transaction that makes it",
	},
	{
		name:     "workbench",
		packages: []string{"internal/recording/...", "internal/workbench/..."},
		allow:    []string{"workbench", "tandem", "connector", "openapi", "invoke", "script", "leaf"},
		why:      "what an author tries, and what an API once said, goes the one way in which methods are called",
	},
	{
		name:      "oauth",
		packages:  []string{"internal/oauth/..."},
		allow:     []string{"tandem", "connector", "pure", "leaf"},
		libraries: 2,
		why:       "the protocols of tokens know nothing of where tokens are kept",
	},
	{
		name:     "utility",
		packages: []string{"internal/utility/..."},
		allow:    []string{"tandem", "connector", "pure", "invoke", "leaf"},
		why:      "what is built in does what a method says, as invoke asks for it; whose transaction that is it does not know",
	},
	{
		name:     "run",
		packages: []string{"internal/run/...", "internal/trigger/...", "internal/demand/..."},
		allow:    []string{"engine", "journal", "pure", "invoke", "script", "tandem", "connector", "leaf"},
		why:      "the interpreter and the triggers stand on the engine, as calls on demand stand on invoke; they reach rows through ports",
	},
	{
		name:     "storetest",
		packages: []string{"internal/store/storetest/...", "internal/store/disktest/..."},
		allow:    []string{"store", "journal", "tandem", "connector", "internal/vault", "testkit"},
		why:      "the conformance suite runs on both databases",
	},
	{
		name:     "store",
		packages: []string{"internal/store/..."},
		allow:    []string{"store", "journal", "tandem", "connector", "internal/vault", "internal/outage"},
		why:      "the store holds SQL and no decisions",
	},
	{
		name:     "apitest",
		packages: []string{"internal/api/apitest/..."},
		allow:    []string{"surface", "tandem", "connector"},
		why:      "who tries the API from outside knows its routes and nothing behind them",
	},
	{
		name:     "reference",
		packages: []string{"internal/api/reference/..."},
		why:      "the page is made of the OpenAPI document, and of nothing else",
	},
	{
		name:     "surface",
		packages: []string{"internal/api/...", "internal/console/...", "internal/embed/..."},
		allow:    []string{"tandem", "connector", "policy", "leaf", "web", "reference"},
		why:      "what users reach goes through the services' interfaces, where policy decides; never straight to rows or runs",
	},
	{
		name:     "app",
		packages: []string{"internal/app/..."},
		allow:    []string{everything},
		why:      "the composition root wires everything, so that nothing else has to",
	},
	{
		name:     "command",
		packages: []string{"cmd/...", "internal/demo/..."},
		allow:    []string{"command", "app", "client", "example", "workbench", "script", "openapi", "tandem", "connector", "leaf"},
		why:      "a command says what to start, not how it is wired",
	},
	{
		name:     "trial",
		packages: []string{"e2e/...", "bench/..."},
		allow:    []string{everything},
		why:      "journeys and measurements look at the whole",
	},
	{
		name:     "testkit",
		packages: []string{"internal/archtest/...", "internal/bucket/buckettest/...", "internal/egress/egresstest/...", "internal/mutant/...", "internal/mysqltest/...", "internal/oauthtest/...", "internal/oidctest/...", "internal/pgtest/...", "internal/skip/...", "internal/torture/..."},
		allow:    []string{"testkit"},
		why:      "what only tests use stays apart from what is shipped",
	},
	{
		name:      "leaf",
		packages:  []string{"internal/..."},
		allow:     []string{"tandem", "connector"},
		libraries: 1,
		why:       "a leaf does one thing with at most one library, and can be lifted out; what is not listed above is a leaf",
	},
}

// layerOf is the layer of a package, given by its path below the module.
func layerOf(pkg string) (layer, bool) {
	for _, l := range layers {
		if matchesAny(l.packages, pkg) {
			return l, true
		}
	}
	return layer{}, false
}

// checkLayers reports the imports that a package's layer does not allow.
func checkLayers(m *module, p *pkg) (faults []string) {
	own, ok := layerOf(p.path)
	if !ok {
		return []string{p.path + ": belongs to no layer; give it one in internal/archtest/layer_test.go"}
	}
	libraries := map[string]bool{}
	for _, imported := range p.imports() {
		below, inside := m.below(imported)
		switch {
		case !inside:
			if l := library(imported); l != "" {
				libraries[l] = true
			}
		case !own.allows(below):
			faults = append(faults, fmt.Sprintf("%s: imports %s, and %s may import only %s: %s",
				p.path, below, own.name, strings.Join(own.allow, ", "), own.why))
		}
	}
	if own.libraries > 0 && len(libraries) > own.libraries {
		faults = append(faults, fmt.Sprintf("%s: imports %d libraries (%s), and %s may import %d: %s",
			p.path, len(libraries), strings.Join(sortedKeys(libraries), ", "), own.name, own.libraries, own.why))
	}
	return faults
}

func (l layer) allows(below string) bool {
	other, ok := layerOf(below)
	return slices.Contains(l.allow, everything) ||
		ok && slices.Contains(l.allow, other.name) ||
		slices.Contains(l.allow, below)
}

// library is the module, or near enough, of an import path; "" for the standard
// library and its extensions.
func library(imported string) string {
	host, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(host, ".") || host == "golang.org" {
		return ""
	}
	depth := 2
	if host == "github.com" {
		depth = 3
	}
	parts := strings.Split(imported, "/")
	return path.Join(parts[:min(depth, len(parts))]...)
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		parent, deep := strings.CutSuffix(pattern, "/...")
		return name == parent || deep && strings.HasPrefix(name, parent+"/")
	})
}
