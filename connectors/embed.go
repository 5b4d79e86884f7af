// Package connectors is the library that Tandem comes with: one folder for each
// connector, with its definition in connector.yaml and its icon. To add one, add
// a folder; its form is package connector's, and the test of this package holds
// each to it.
package connectors

import "embed"

// Files holds NAME/connector.yaml and NAME/icon.png of each connector.
//
//go:embed */connector.yaml */icon.png
var Files embed.FS
