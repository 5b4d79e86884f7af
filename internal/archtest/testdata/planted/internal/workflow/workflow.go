// Package workflow does I/O.
package workflow

import (
	_ "example.com/planted/internal/merge"
	_ "net/http"
	_ "net/url"
)
