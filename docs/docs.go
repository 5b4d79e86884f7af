// Package docs holds the documentation, so that the binary can serve it.
package docs

import "embed"

// Files are the pages and the pictures in them.
//
//go:embed *.md images
var Files embed.FS
