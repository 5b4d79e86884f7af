package app

import (
	"context"
	"errors"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/file"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/script"
	"github.com/tandem-ipaas/tandem/internal/storage"
	"github.com/tandem-ipaas/tandem/internal/utility"
)

// callOptions are what calls of methods may have besides requests.
func (a *App) callOptions() invoke.Options {
	stored, files := storage.New(a.store, a.vault, a.cfg.storage()), file.New(a.store, file.Options{})
	return invoke.Options{
		Scripts: a.scripts, Storage: scriptStorage{stored}, BuiltIns: a.builtIns(stored, files),
		Files: func(o invoke.Origin) body.Files { return files.Of(o.Account) },
	}
}

// builtIns are the operations of methods that send no request.
func (a *App) builtIns(stored *storage.Storages, files *file.Files) map[string]invoke.BuiltIn {
	return utility.New(
		utility.Storages(stored, storage.NewPairs(a.store, a.cfg.storage())),
		utility.Tools(),
		utility.Network(a.egress, files, utility.NetworkOptions{Roots: a.roots}),
		utility.Delimited(files, utility.DelimitedOptions{}),
		utility.Starts(launches{a.store, a.engine}),
	)
}

// scriptStorage is where scripts put things aside, those of steps apart from those
// of connectors and methods.
type scriptStorage struct{ stored *storage.Storages }

// Storage implements invoke.Storage.
func (s scriptStorage) Storage(ctx context.Context, o invoke.Origin, by script.Level, once string, c script.StorageCall) (any, error) {
	of := tandem.Storage{Account: o.Account, Purpose: tandem.StoredByScript, Connector: o.Connector}
	if by == script.Step {
		of.Purpose = tandem.StoredByStep
	}
	if c.Scope == script.ThisCycle {
		if o.Cycle == "" {
			return nil, errors.New("cycle_storage is for the steps of cycles: there is none here")
		}
		of.Connector, of.Cycle = 0, o.Cycle
	}
	v, err := s.stored.Do(ctx, of, once, c.Operation, c.Key, c.Value)
	var e *tandem.Error
	if errors.As(err, &e) {
		return v, errors.New(e.Message)
	}
	return v, err
}
