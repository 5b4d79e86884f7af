// Package templates holds the sample templates, as files that can be imported.
package templates

import "embed"

// Files are new-contact.json and changed-contacts.json, each for itself; and
// contact-to-subscriber.json and subscriber-to-contact.json, which together keep
// two applications in step.
//
//go:embed *.json
var Files embed.FS
