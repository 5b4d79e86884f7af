package main

import (
	"os"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/script"
)

// TestMain makes the test's program the worker of scripts too, as the command is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == script.Subcommand {
		main()
		return
	}
	os.Exit(m.Run())
}
