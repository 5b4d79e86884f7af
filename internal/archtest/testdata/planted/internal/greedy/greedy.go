// Package greedy is a leaf with two libraries.
package greedy

import (
	_ "example.com/one/a"
	_ "example.com/two/b"
	_ "golang.org/x/sync/errgroup"
)
