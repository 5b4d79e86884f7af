package main

import (
	"os"

	"github.com/tandem-ipaas/tandem/internal/script/sandbox"
)

// scriptWorkerCommand is what the server starts to run scripts in; nobody else has
// a use for it.
type scriptWorkerCommand struct{}

// Run works until standard input ends.
func (scriptWorkerCommand) Run(to output) error {
	return sandbox.Work(os.Stdin, to.out)
}
