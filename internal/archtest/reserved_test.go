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
		imports: []string{"github.com/riverqueue/..."},
		only:    []string{"internal/engine/river/...", "bench/..."},
		why:     "only one engine knows River, so that it can be left",
	},
	{
		imports: []string{
			"database/sql/...", "modernc.org/sqlite/...", "github.com/jackc/pgx/v5/...",
			"github.com/pressly/goose/v3/...",
		},
		only: []string{"internal/store/...", "internal/engine/river/...", "internal/pgtest/...", "internal/utility", "bench/..."},
		why:  "all SQL is in the store, once for both databases; customers' databases are a utility's",
	},
	{
		imports: []string{
			"github.com/pkg/sftp/...", "github.com/jlaffaye/ftp/...", "github.com/go-sql-driver/mysql/...", "github.com/microsoft/go-mssqldb/...",
			"golang.org/x/crypto/ssh/...",
		},
		only: []string{"internal/utility"},
		why:  "protocols other than HTTP have one room, where a session gives them their connections",
	},
	{
		imports: []string{"github.com/tink-crypto/tink-go/v2/..."},
		only:    []string{"internal/vault/..."},
		why:     "one package encrypts, so that one review covers it",
	},
	{
		imports: []string{"code.dny.dev/ssrf/..."},
		only:    []string{"internal/egress/..."},
		why:     "every byte that leaves goes through the one guarded client",
	},
	{
		imports: []string{"github.com/danielgtaylor/huma/v2/..."},
		only:    []string{"internal/api/..."},
		why:     "the services do not know that there is HTTP",
	},
	{
		imports: []string{"github.com/alecthomas/kong/..."},
		only:    []string{"cmd/..."},
		why:     "flags are the command's; the rest takes configuration as values",
	},
	{
		imports: []string{"github.com/alexedwards/argon2id/..."},
		only:    []string{"internal/password/..."},
		why:     "passwords are hashed in one place, with one choice of cost",
	},
	{
		imports: []string{"testing/...", "github.com/google/go-cmp/...", "pgregory.net/rapid/..."},
		only: []string{
			"internal/skip/...", "internal/pgtest/...", "internal/mysqltest/...", "internal/bucket/buckettest/...", "internal/egress/egresstest/...", "internal/oidctest/...", "internal/oauthtest/...", "internal/store/storetest/...",
			"internal/store/disktest", "internal/torture", "internal/engine/enginetest/...", "internal/api/apitest/...", "examples/internal/resttest/...", "e2e/...",
		},
		why: "what is shipped does not carry its tests",
	},
	{
		imports: []string{"modernc.org/quickjs/..."},
		only:    []string{"internal/script/sandbox"},
		why:     "scripts run in workers alone, never where customers' data is",
	},
	{
		imports: []string{"math/rand/..."},
		only:    []string{"internal/store/storetest/...", "internal/store/disktest", "internal/torture", "bench/..."},
		why:     "what nobody may guess comes from crypto/rand, and then so may all else",
	},
	{
		imports: []string{"crypto/md5", "crypto/sha1"},
		only:    []string{"internal/merge", "internal/script/sandbox", "internal/signature", "internal/utility", "internal/oauthtest", "connector", "e2e/fake"},
		why:     "broken hashes are for what third parties ask for (a merge function, a script, a data tool, what a webhook is signed with) and for names (GUIDs), never for secrets",
	},
	{
		imports: []string{"crypto/aes", "crypto/cipher", "crypto/des", "crypto/rc4", "crypto/rsa", "crypto/ecdsa", "crypto/ed25519", "crypto/dsa"},
		only:    []string{"internal/vault", "internal/script/sandbox", "internal/oauth", "internal/invoke", "internal/oidctest", "internal/oauthtest", "internal/recording", "e2e/fake"},
		why:     "one package encrypts, and nothing is put together from parts; what third parties want signed is signed by libraries, with keys of these types",
	},
	{
		imports: []string{"encoding/xml"},
		only:    []string{"internal/body", "internal/bucket/...", "e2e/fake"},
		why:     "XML is read with limits to its depth and size, without entities, or not at all; the operator's own storage says what it has in XML",
	},
	{
		imports: []string{"encoding/gob", "net/http/pprof", "expvar"},
		why:     "what is shipped has nothing to look into it with, and reads no objects",
	},
	{
		imports: []string{"log"},
		why:     "logging goes through the *slog.Logger that a package is given",
	},
	{
		imports: []string{"unsafe", "C"},
		only:    []string{"internal/store/disktest"},
		why:     "nothing here (but, in tests, SQLite's VFS) is worth a memory fault, and cgo would end the one static binary",
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
