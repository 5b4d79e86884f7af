// Package web holds the browser side of Tandem: the console, written in React
// and built by Vite into dist. This Go file only makes what was built part of
// the binary; internal/console serves it.
//
// The folder dist always exists, so that Go builds where Node is not
// installed; it holds index.html only after `make build` (or, here,
// `npm ci && npm run build`).
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist is the built console: index.html, assets/ and compressed copies beside
// each file (.br, .gz).
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // dist is a constant, valid path
	}
	return sub
}
