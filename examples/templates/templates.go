// Package templates holds the sample templates, as files that can be imported.
package templates

import "embed"

// Files are new-contact.json and changed-contacts.json.
//
//go:embed *.json
var Files embed.FS
