// Package api reaches past the services.
package api

import _ "example.com/planted/internal/store"
