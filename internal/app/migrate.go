package app

import (
	"context"
	"errors"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine/river"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// Migration is a move of an installation to another database.
type Migration struct {
	From, To string           // sqlite: and a folder, or the URL of a PostgreSQL database
	Blobs    Blobs            // of both
	Rehearse bool             // what is moved can be started afterwards too
	Progress func(MovedSoFar) // is told now and then; nil: nobody
}

// MovedSoFar is how far one table is.
type MovedSoFar = store.Progress

// Moved is what a migration moved.
type Moved = store.Moved

// Migrate moves an installation that is stopped. The master key is not part of it:
// the new installation has the same.
//
// Errors: Invalid (From, To), NotFound (nothing to move), Conflict (the source is
// in use, the target not empty).
func Migrate(ctx context.Context, m Migration) (moved Moved, err error) {
	fromURL, fromDir, err := parsePlace("from", m.From)
	if err != nil {
		return moved, err
	}
	toURL, toDir, err := parsePlace("to", m.To)
	if err != nil {
		return moved, err
	}
	blobs, err := m.Blobs.open("blobs", nil)
	if err != nil {
		return moved, err
	}
	from, err := store.OpenSource(ctx, fromURL, fromDir, idle)
	if err != nil {
		return moved, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := store.OpenTarget(ctx, toURL, toDir)
	if err != nil {
		return moved, err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	from.KeepBlobs(blobs)
	to.KeepBlobs(blobs)
	return store.Move(ctx, from, to, store.MoveOptions{Rehearse: m.Rehearse, Idle: idle, Progress: m.Progress})
}

// parsePlace reads where an installation is. Errors: Invalid.
func parsePlace(field, text string) (url, dir string, err error) {
	if dir, ok := strings.CutPrefix(text, "sqlite:"); ok && dir != "" {
		return "", dir, nil
	}
	if strings.HasPrefix(text, "postgres://") || strings.HasPrefix(text, "postgresql://") {
		return text, ".", nil
	}
	return "", "", tandem.Invalidf(field, "%s: want sqlite: and a folder, or a URL that begins with postgres://", field)
}

// idle refuses a database that nodes work over. The folder of SQLite is locked.
// Errors: Conflict.
func idle(ctx context.Context, d store.Dialect) error {
	db, ok := d.(river.Database)
	if !ok {
		return nil
	}
	n, err := river.Nodes(ctx, db.Pool())
	if err == nil && n > 0 {
		err = &tandem.Error{Code: tandem.Conflict, Field: "from", Message: "The installation to move is in use. Stop all its nodes first."}
	}
	return err
}
