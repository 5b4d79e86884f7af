package main

import (
	"fmt"
	"path/filepath"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

type keysCommand struct {
	Rotate rotateCommand `cmd:"" help:"Begin to replace the master key. A running server goes on by itself, within a minute; else the next start."`
	New    newKeyCommand `cmd:"" help:"Print a new master key, for TANDEM_MASTER_KEY or a key store."`
}

type rotateCommand struct {
	storage
}

// Run puts a new key into the key's file. Servers do the rest: see docs/operations.md.
func (c *rotateCommand) Run(to output) error {
	if c.Database != "" {
		return tandem.Invalidf("database", "On PostgreSQL each node has its own source of the key, and all must know the new one before it is used: see Rotate the master key in docs/operations.md.")
	}
	cfg := c.config()
	source := vault.Source{Value: cfg.MasterKey, Command: cfg.MasterKeyCommand, Path: filepath.Join(c.Data, "master.key")}
	if err := source.Rotate(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(to.out, "%s has a new key, and the old one after it. The server takes the old one out when all is done.\n", source.Path)
	return err
}

type newKeyCommand struct{}

// Run prints a key that nothing uses yet.
func (newKeyCommand) Run(to output) error {
	_, err := fmt.Fprintln(to.out, vault.NewKey())
	return err
}
