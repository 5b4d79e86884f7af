package app

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// state is what a node says of itself.
type state struct {
	Status string
	Roles  []string
}

func (a *App) say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(state{text, a.cfg.roles()}) // the client is gone if this fails
}

// alive answers while the process does.
func (a *App) alive(w http.ResponseWriter, _ *http.Request) { a.say(w, http.StatusOK, "alive") }

// ready answers 200 when requests can be served.
func (a *App) ready(w http.ResponseWriter, r *http.Request) {
	if a.leaving.Load() {
		a.say(w, http.StatusServiceUnavailable, "stopping")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := a.store.Ping(ctx); err != nil {
		a.log.WarnContext(ctx, "not ready", "error", err)
		a.say(w, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	a.say(w, http.StatusOK, "ready")
}

// drained ends a while after ctx: until then this node says that it is not ready,
// and still answers those who have not noticed.
func (a *App) drained(ctx context.Context) context.Context {
	later, end := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() {
		a.leaving.Store(true)
		time.AfterFunc(a.cfg.Drain, end)
	})
	return later
}
