// Package scripttest lets tests run scripts: their own program is the worker that
// runs them, as tandem is its own.
package scripttest

import (
	"fmt"
	"os"

	"github.com/tandem-ipaas/tandem/internal/script"
	"github.com/tandem-ipaas/tandem/internal/script/sandbox"
)

// Main runs the tests, or a worker if the program was started as one, and gives
// the code to exit with:
//
//	func TestMain(m *testing.M) { os.Exit(scripttest.Main(m.Run)) }
func Main(tests func() int) int {
	if len(os.Args) < 2 || os.Args[1] != script.Subcommand {
		return tests()
	}
	if err := sandbox.Work(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
