// Package tenant knows River.
package tenant

import _ "github.com/riverqueue/river"
