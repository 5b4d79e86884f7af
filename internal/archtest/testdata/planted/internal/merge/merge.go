// Package merge breaks nothing.
package merge

import _ "example.com/planted"
