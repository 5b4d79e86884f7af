package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/tandem-ipaas/tandem"
)

const folderColumns = `f.partner, f.id, f.parent, f.name, f.created_at`

func scanFolder(r scanner) (f tandem.Folder, err error) {
	var created int64
	err = r.Scan(&f.Partner, &f.ID, &f.Parent, &f.Name, &created)
	f.Created = instant(created)
	return f, err
}

func folderName(id tandem.FolderID) string { return fmt.Sprintf("Folder %s", id) }

// Folder errors: NotFound.
func (s *Store) Folder(ctx context.Context, p tandem.PartnerID, id tandem.FolderID) (tandem.Folder, error) {
	return folder(ctx, s.read(), p, id)
}

func folder(ctx context.Context, q querier, p tandem.PartnerID, id tandem.FolderID) (tandem.Folder, error) {
	return row(ctx, q, folderName(id), scanFolder, `SELECT `+folderColumns+` FROM folder f WHERE f.partner = $1 AND f.id = $2`, p, id)
}

var folderOrders = orders{"": {"lower(f.name)", "f.id"}, "Name": {"lower(f.name)", "f.id"}, "CreatedOnUtc": {"f.created_at", "f.id"}}

// Folders lists the folders of a partner by name. Errors: Invalid (OrderBy).
func (s *Store) Folders(ctx context.Context, p tandem.PartnerID, f tandem.FolderFilter) (tandem.Page[tandem.Folder], error) {
	c := &conditions{}
	c.add("f.partner = ", p)
	if f.Parent.Set {
		c.add("f.parent = ", f.Parent.Value)
	}
	if f.Query != "" {
		c.like("lower(f.name)", f.Query)
	}
	return page(ctx, s.read(), scanFolder, folderColumns, "folder f", c, folderOrders, f.PageRequest)
}

// InsertFolder adds a folder. Errors: Invalid (Name is in use, ParentFolderId).
func (s *Store) InsertFolder(ctx context.Context, f tandem.Folder) error {
	return s.changeTree(ctx, f.Partner, func(tx *sql.Tx) error {
		if err := checkPlace(ctx, tx, f.Partner, "ParentFolderId", f.ID, f.Parent, 0); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO folder (partner, id, parent, name, created_at) VALUES ($1, $2, $3, $4, $5)`,
			f.Partner, f.ID, f.Parent, f.Name, micros(f.Created))
		return err
	})
}

// UpdateFolder renames and moves under change. Errors: NotFound, Invalid (Name is
// in use, ParentFolderId), and change's.
func (s *Store) UpdateFolder(ctx context.Context, p tandem.PartnerID, id tandem.FolderID, change func(*tandem.Folder) error) (f tandem.Folder, err error) {
	err = s.changeTree(ctx, p, func(tx *sql.Tx) error {
		if f, err = folder(ctx, tx, p, id); err != nil {
			return err
		}
		if err := change(&f); err != nil {
			return err
		}
		if err := checkPlace(ctx, tx, f.Partner, "ParentFolderId", f.ID, f.Parent, 0); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE folder SET parent = $3, name = $4 WHERE partner = $1 AND id = $2`, p, id, f.Parent, f.Name)
		return err
	})
	return f, err
}

// DeleteFolder removes a folder; what is in it goes to another, unless to is not
// set. Templates in the recycle bin are not in it, and go to the top.
//
// Errors: NotFound, Invalid (to), Conflict (not empty).
func (s *Store) DeleteFolder(ctx context.Context, p tandem.PartnerID, id tandem.FolderID, to tandem.Optional[tandem.FolderID]) error {
	return s.changeTree(ctx, p, func(tx *sql.Tx) error {
		if err := holdFolder(ctx, tx, p, id); err != nil {
			return err
		}
		clear := checkEmpty
		if to.Set {
			clear = moveTo(to.Value)
		}
		if err := clear(ctx, tx, p, id); err != nil {
			return err
		}
		for _, statement := range []string{
			`UPDATE template SET folder = '' WHERE partner = $1 AND folder = $2`, `DELETE FROM folder WHERE partner = $1 AND id = $2`,
		} {
			if _, err := tx.ExecContext(ctx, statement, p, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// holdFolder keeps a folder where it is until tx ends. Errors: NotFound.
func holdFolder(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, id tandem.FolderID) error {
	r, err := tx.ExecContext(ctx, `UPDATE folder SET name = name WHERE partner = $1 AND id = $2`, p, id)
	return changed(r, err, folderName(id))
}

func checkEmpty(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, id tandem.FolderID) error {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM folder WHERE partner = $1 AND parent = $2) +
		(SELECT count(*) FROM template WHERE partner = $1 AND folder = $2 AND deleted_at = 0)`, p, id).Scan(&n)
	if err == nil && n > 0 {
		err = tandem.Conflictf("The folder is not empty.")
	}
	return err
}

// moveTo empties a folder into another, or, "", to the top.
func moveTo(to tandem.FolderID) func(context.Context, *sql.Tx, tandem.PartnerID, tandem.FolderID) error {
	return func(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, from tandem.FolderID) error {
		if err := checkPlace(ctx, tx, p, "MoveTo", from, to, 1); err != nil {
			return err
		}
		for _, statement := range []string{
			`UPDATE template SET folder = $3 WHERE partner = $1 AND folder = $2`, `UPDATE folder SET parent = $3 WHERE partner = $1 AND parent = $2`,
		} {
			if _, err := tx.ExecContext(ctx, statement, p, from, to); err != nil {
				return err
			}
		}
		return nil
	}
}

// changeTree runs do alone with the partner's tree of folders.
func (s *Store) changeTree(ctx context.Context, p tandem.PartnerID, do func(tx *sql.Tx) error) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if err := takeTurn(ctx, tx, fmt.Sprintf("folder %d", p)); err != nil {
			return err
		}
		return do(tx)
	})
	if s.dialect.Duplicate(err) {
		return &tandem.Error{Code: tandem.Invalid, Field: "Name", Message: "Name is already in use in this folder.", Err: err}
	}
	return err
}

// checkPlace says whether what is in a folder from level on (0: itself) may be in
// another one: that is not the folder nor beneath it, and not too deep.
func checkPlace(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, field string, id, in tandem.FolderID, level int) error {
	if in == "" {
		return nil
	}
	path, err := folderPath(ctx, tx, p, in)
	switch {
	case err != nil:
		return err
	case len(path) == 0:
		return noFolder(field)
	case slices.Contains(path, id):
		return tandem.Invalidf(field, "%s: a folder cannot be in itself, nor beneath.", field)
	}
	var levels int
	err = tx.QueryRowContext(ctx, `WITH RECURSIVE below (id, level) AS (
			SELECT id, 1 FROM folder WHERE partner = $1 AND id = $2
			UNION ALL SELECT f.id, below.level + 1 FROM folder f JOIN below ON f.partner = $1 AND f.parent = below.id)
		SELECT coalesce(max(level), 1) FROM below`, p, id).Scan(&levels)
	if err == nil && len(path)+levels-level > tandem.MaxFolderDepth {
		err = tandem.Invalidf(field, "%s: folders may be at most %d levels deep.", field, tandem.MaxFolderDepth)
	}
	return err
}

// folderPath is a folder and those that it is in, up to the top; empty if it is
// not there.
func folderPath(ctx context.Context, q querier, p tandem.PartnerID, id tandem.FolderID) ([]tandem.FolderID, error) {
	return rows(ctx, q, scanID[tandem.FolderID], `WITH RECURSIVE above (id, parent) AS (
			SELECT id, parent FROM folder WHERE partner = $1 AND id = $2
			UNION ALL SELECT f.id, f.parent FROM folder f JOIN above ON f.partner = $1 AND f.id = above.parent)
		SELECT id FROM above`, p, id)
}

func noFolder(field string) error {
	return tandem.Invalidf(field, "Folder with provided ID could not be found.")
}
