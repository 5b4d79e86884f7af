// Package usage connects on its own.
package usage

import (
	"net"
	"net/http"
)

var (
	_, _ = http.Get("http://127.0.0.1")
	_    = http.Client{}
	_    = net.Dialer{}
	_    *http.Client // handed in
)
