package archtest

import (
	"fmt"
	"strings"
)

// reserved keeps imports to the packages whose business they are.
type reserved struct {
	imports []string // patterns of import paths
	only    []string // patterns below the module's root; none: nobody
	why     string
}

var reservations = []reserved{
	{
		[]string{"github.com/riverqueue/..."},
		[]string{"internal/engine/river/...", "bench/..."},
		"only one engine knows River, so that it can be left",
	},
	{
		[]string{"database/sql/...", "modernc.org/sqlite/...", "github.com/jackc/pgx/v5/...", "github.com/pressly/goose/v3/..."},
		[]string{"internal/store/...", "internal/engine/river/...", "internal/pgtest/...", "bench/..."},
		"all SQL is in the store, once for both databases",
	},
	{
		[]string{"github.com/tink-crypto/tink-go/v2/..."},
		[]string{"internal/vault/..."},
		"one package encrypts, so that one review covers it",
	},
	{
		[]string{"code.dny.dev/ssrf/..."},
		[]string{"internal/egress/..."},
		"every byte that leaves goes through the one guarded client",
	},
	{
		[]string{"github.com/danielgtaylor/huma/v2/..."},
		[]string{"internal/api/..."},
		"the services do not know that there is HTTP",
	},
	{
		[]string{"github.com/alecthomas/kong/..."},
		[]string{"cmd/..."},
		"flags are the command's; the rest takes configuration as values",
	},
	{
		[]string{"github.com/alexedwards/argon2id/..."},
		[]string{"internal/password/..."},
		"passwords are hashed in one place, with one choice of cost",
	},
	{
		[]string{"testing/...", "github.com/google/go-cmp/...", "pgregory.net/rapid/..."},
		[]string{"internal/skip/...", "internal/pgtest/...", "internal/store/storetest/...", "internal/engine/enginetest/...", "e2e/..."},
		"what is shipped does not carry its tests",
	},
	{
		[]string{"log"},
		nil,
		"logging goes through the *slog.Logger that a package is given",
	},
	{
		[]string{"unsafe", "C"},
		nil,
		"nothing here is worth a memory fault, and cgo would end the one static binary",
	},
}

// pureDenied are the packages of the standard library that do I/O.
var pureDenied = []string{"os/...", "net", "net/http/...", "io/fs", "context", "log/slog", "syscall", "crypto/rand", "math/rand/..."}

// checkReserved reports a package's imports that belong to another.
func checkReserved(p *pkg) (faults []string) {
	for _, imported := range p.imports() {
		for _, r := range reservations {
			if !matchesAny(r.imports, imported) || matchesAny(r.only, p.path) {
				continue
			}
			whose := "nobody"
			if len(r.only) > 0 {
				whose = "only " + strings.Join(r.only, ", ")
			}
			faults = append(faults, fmt.Sprintf("%s: imports %s, which %s may: %s", p.path, imported, whose, r.why))
		}
		if l, _ := layerOf(p.path); l.name == "pure" && matchesAny(pureDenied, imported) {
			faults = append(faults, fmt.Sprintf("%s: imports %s: %s", p.path, imported, l.why))
		}
	}
	return faults
}
