package fake

import (
	"encoding/json"
	"net"
	"net/http"
	"sync"
)

// write answers with JSON.
func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // who asks sees what is missing
}

// kept copies a list of objects that mu is of, for a test to look at.
func kept(mu *sync.Mutex, list func() []object) (all []map[string]any) {
	mu.Lock()
	defer mu.Unlock()
	for _, o := range list() {
		all = append(all, o)
	}
	return all
}

// here is where a host of the world is for who sent r.
func here(r *http.Request, host string) string {
	at, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return "http://" + at.String() + "/" + host
}
