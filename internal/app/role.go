package app

import (
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// Roles are what a node can do, which is all unless it is told. What each node
// does, whatever its roles, costs little: it starts what is due, and makes jobs of
// what it has taken in, so that nothing waits for another node to look.
const (
	RoleAPI     = "api"     // answers programs: the REST API and webhooks
	RoleConsole = "console" // answers browsers: the console and the embedded screens
	RoleWorker  = "worker"  // runs transactions, sends mail and notices, deletes what is past its time
)

// Roles are all there are.
func Roles() []string { return []string{RoleAPI, RoleConsole, RoleWorker} }

// checkRoles refuses roles that there are not, and some of them where one process
// has to have all. Errors: Invalid.
func (c Config) checkRoles() error {
	for _, r := range c.Roles {
		if !slices.Contains(Roles(), r) {
			return tandem.Invalidf("roles", "roles: %q is none of %s", r, strings.Join(Roles(), ", "))
		}
	}
	if c.Database != "" {
		return nil
	}
	for _, r := range Roles() {
		if !c.has(r) {
			return tandem.Invalidf("roles", "roles: without %s nobody would do what it is for, since SQLite is for one process: leave roles out, or set database", r)
		}
	}
	return nil
}

// roles are those of a node.
func (c Config) roles() []string {
	if len(c.Roles) == 0 {
		return Roles()
	}
	return c.Roles
}

func (c Config) has(role string) bool { return slices.Contains(c.roles(), role) }

// forRole is h where a node has a role. Elsewhere it asks to try again, as after
// any fault of a proxy: a sender of webhooks that was told of a 404 might not.
func (a *App) forRole(role string, h http.Handler) http.Handler {
	if a.cfg.has(role) {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"Message":"This node has not the role `+role+`, which answers here."}`)
	})
}
