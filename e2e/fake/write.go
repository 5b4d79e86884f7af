package fake

import (
	"encoding/json"
	"net"
	"net/http"
)

// write answers with JSON.
func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // who asks sees what is missing
}

// here is where a host of the world is for who sent r.
func here(r *http.Request, host string) string {
	at, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return "http://" + at.String() + "/" + host
}
