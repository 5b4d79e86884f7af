package library

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/script"
	"github.com/tandem-ipaas/tandem/internal/script/sandbox"
)

// TestMain makes the test's program the worker of scripts too, as the command is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == script.Subcommand {
		if err := sandbox.Work(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil { // they wait more than they work
		panic(err)
	}
	os.Exit(m.Run())
}
