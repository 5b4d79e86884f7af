package library

import (
	"flag"
	"os"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/script/scripttest"
)

// TestMain makes the test's program the worker of scripts too, as the command is.
func TestMain(m *testing.M) {
	os.Exit(scripttest.Main(func() int {
		flag.Parse()
		if err := flag.Set("test.parallel", "8"); err != nil { // they wait more than they work
			panic(err)
		}
		return m.Run()
	}))
}
