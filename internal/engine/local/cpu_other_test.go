//go:build !unix

package local_test

import (
	"testing"
	"time"
)

// worked is a clock, where there is no other.
func worked(*testing.T) time.Duration { return time.Duration(time.Now().UnixNano()) }
