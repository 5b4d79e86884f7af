package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

const (
	cycleColumns = `c.account, c.id, v.version, c.revision, c.name, c.description, c.tags, c.shareable, c.status, c.stop_reason, c.template, c.template_release,
		c.interval_minutes, c.start_at, c.run_once, c.retain_success_hours, c.retain_errored_hours, c.created_at, c.deleted_at,
		coalesce((SELECT next_at FROM timer WHERE timer.account = c.account AND timer.cycle = c.id AND timer.next_at > 0), 0), v.graph, v.connectors`
	cycleTables  = `cycle c JOIN cycle_version v ON v.account = c.account AND v.cycle = c.id`
	cycleCurrent = cycleTables + ` AND v.version = c.version`
	cycleByID    = ` FROM ` + cycleCurrent + ` WHERE c.account = $1 AND c.id = $2 AND c.deleted_at = 0`
)

func scanCycle(r scanner) (*tandem.Cycle, error) {
	var c tandem.Cycle
	var start, created, deleted, next int64
	var tags, graph, connectors []byte
	err := r.Scan(&c.Account, &c.ID, &c.Version, &c.Revision, &c.Name, &c.Description, &tags, &c.Shareable, &c.Status, &c.StopReason, &c.TemplateID, &c.TemplateReleaseID,
		&c.Interval, &start, &c.RunOnce, &c.Retention.Success, &c.Retention.Errored, &created, &deleted, &next, &graph, &connectors)
	if err != nil {
		return nil, err
	}
	c.StartTime, c.Created, c.Deleted, c.NextRun = instant(start), instant(created), instant(deleted), instant(next)
	return &c, decode(tags, &c.Tags, graph, &c.Graph, connectors, &c.Connectors)
}

func cycleName(id tandem.CycleID) string { return fmt.Sprintf("Cycle %s", id) }

// InsertCycle adds c, with its first version and the keys of its webhooks.
// Errors: Invalid (a step's id is taken).
func (s *Store) InsertCycle(ctx context.Context, c *tandem.Cycle) error {
	docs, err := encode(c.Tags, c.Graph, c.Connectors)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO cycle (account, id, version, name, description, tags, labels, shareable, status, stop_reason,
				template, template_release, interval_minutes, start_at, run_once, created_at, retain_success_hours, retain_errored_hours, omit_requests, revision)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
			c.Account, c.ID, c.Version, c.Name, c.Description, docs[0], labels(c.Name, c.Tags, c.Graph.Connectors), c.Shareable, c.Status, c.StopReason,
			c.TemplateID, c.TemplateReleaseID, c.Interval, micros(c.StartTime), c.RunOnce, micros(c.Created),
			c.Retention.Success, c.Retention.Errored, c.Graph.OmitRequests, c.Revision)
		if err != nil {
			return err
		}
		return saveVersion(ctx, tx, c, docs[1], docs[2])
	})
}

// Cycle reads a cycle with its figures. Errors: NotFound.
func (s *Store) Cycle(ctx context.Context, a tandem.AccountID, id tandem.CycleID) (*tandem.Cycle, error) {
	c, err := row(ctx, s.read(), cycleName(id), scanCycle,
		`SELECT `+cycleColumns+cycleByID, a, id)
	if err != nil {
		return nil, err
	}
	c.Counts, err = s.cycleCounts(ctx, a, id)
	return c, err
}

// CycleVersion reads a cycle as it was in one version. Errors: NotFound.
func (s *Store) CycleVersion(ctx context.Context, a tandem.AccountID, id tandem.CycleID, version int64) (*tandem.Cycle, error) {
	return row(ctx, s.read(), fmt.Sprintf("Cycle %s version %d", id, version), scanCycle,
		`SELECT `+cycleColumns+` FROM `+cycleTables+` WHERE c.account = $1 AND c.id = $2 AND v.version = $3`, a, id, version)
}

// outOfDate is true of cycles whose template has another live release.
const outOfDate = ` AND EXISTS (SELECT 1 FROM template t JOIN account a ON a.partner = t.partner
	WHERE a.id = c.account AND t.id = c.template AND t.deleted_at = 0 AND t.release <> c.template_release)`

var cycleOrders = orders{"": {"lower(c.name)", "c.id"}, "Name": {"lower(c.name)", "c.id"}, "CreatedOnUtc": {"c.created_at", "c.id"}}

// Cycles lists the cycles of an account by name, with their figures. Errors:
// Invalid (OrderBy).
func (s *Store) Cycles(ctx context.Context, a tandem.AccountID, f tandem.CycleFilter) (page tandem.Page[tandem.Cycle], err error) {
	by, err := cycleOrders.by(f.PageRequest)
	if err != nil {
		return page, err
	}
	where := ` WHERE c.account = $1 AND c.labels LIKE $2 ESCAPE '\' AND c.labels LIKE $3 ESCAPE '\' AND c.labels LIKE $4 ESCAPE '\' AND c.deleted_at ` + map[bool]string{false: "= 0", true: "> 0"}[f.Deleted]
	if f.Upgradeable {
		where += outOfDate
	}
	args := []any{a, likeName(f.Query), likeTag(f.Tag), likeConnector(f.ConnectorName, f.ConnectorVersion)}
	if f.Status != "" {
		args = append(args, f.Status)
		where += ` AND c.status = $5`
	}
	if err := s.read().QueryRowContext(ctx, `SELECT count(*) FROM cycle c`+where, args...).Scan(&page.Total); err != nil {
		return page, fmt.Errorf("count cycles: %w", err)
	}
	found, err := rows(ctx, s.read(), scanCycle, `SELECT `+cycleColumns+` FROM `+cycleCurrent+where+
		by+fmt.Sprintf(` LIMIT %d OFFSET %d`, f.Limit(), f.Offset()), args...)
	if err != nil {
		return page, fmt.Errorf("list cycles: %w", err)
	}
	page.Rows = make([]tandem.Cycle, len(found))
	for i, c := range found {
		if c.Counts, err = s.cycleCounts(ctx, a, c.ID); err != nil {
			return page, err
		}
		page.Rows[i] = *c
	}
	if f.Activity {
		return page, s.addActivity(ctx, a, page.Rows)
	}
	return page, nil
}

// ActiveCycles lists the cycles of an account that are not paused.
func (s *Store) ActiveCycles(ctx context.Context, a tandem.AccountID) ([]tandem.CycleID, error) {
	return rows(ctx, s.read(), scanID[tandem.CycleID], `SELECT id FROM cycle WHERE account = $1 AND status <> 'Paused'`, a)
}

func scanID[T any](r scanner) (id T, err error) { return id, r.Scan(&id) }

// countCycle reads a cycle's figures, each from an index led by the account.
const countCycle = `SELECT
	(SELECT coalesce(sum(succeeded + failed), 0) FROM meter WHERE account = $1 AND cycle = $2),
	(SELECT count(*) FROM incident WHERE account = $1 AND cycle = $2 AND level = 2),
	(SELECT count(*) FROM incident WHERE account = $1 AND cycle = $2 AND level = 1),
	(SELECT count(*) FROM txn WHERE account = $1 AND cycle = $2 AND status < 10),
	coalesce((SELECT finished_at FROM txn WHERE account = $1 AND cycle = $2 AND status = 10 AND errors = 0 ORDER BY id DESC LIMIT 1),
		(SELECT last_success FROM cycle WHERE account = $1 AND id = $2), 0)`

func (s *Store) cycleCounts(ctx context.Context, a tandem.AccountID, id tandem.CycleID) (n tandem.CycleCounts, err error) {
	var last int64
	err = s.read().QueryRowContext(ctx, countCycle, a, id).
		Scan(&n.TasksUsed, &n.Errors, &n.Warnings, &n.InProgress, &last)
	if err != nil {
		return n, fmt.Errorf("figures of cycle %s: %w", id, err)
	}
	n.LastSuccessfulRun = instant(last)
	return n, nil
}

// ChangeCycle changes a cycle, alone with it. A graph that was ever activated
// is kept, and the new one gets the next version. When change sets the cycle
// running, its version is frozen and its timer, if it has one, is due at
// StartTime; when it sets it to anything else the timer goes, and a cycle that
// is paused is held from the same commit on. What it settles of a rollout is
// settled with it.
//
// Errors: NotFound, Invalid (a step's id is taken), tandem.ErrSettled, and what
// change returns.
func (s *Store) ChangeCycle(ctx context.Context, a tandem.AccountID, id tandem.CycleID, change func(*tandem.Cycle) error) (c *tandem.Cycle, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE cycle SET id = id WHERE account = $1 AND id = $2`, a, id) // takes the row's lock
		if err := changed(r, err, cycleName(id)); err != nil {
			return err
		}
		c, err = row(ctx, tx, cycleName(id), scanCycle, `SELECT `+cycleColumns+cycleByID, a, id)
		if err != nil {
			return err
		}
		was, err := encode(c.Graph, c.Connectors)
		if err != nil {
			return err
		}
		status, steps := c.Status, len(c.Graph.Steps)
		if err := change(c); err != nil {
			return err
		}
		if c.Settles != nil {
			if err := settleRollout(ctx, tx, *c.Settles); err != nil {
				return err
			}
			c.Settles = nil
		}
		if status != c.Status && c.Status == tandem.CyclePaused && c.StopReason != "" {
			if err := s.stopNotice(ctx, tx, c); err != nil {
				return err
			}
		}
		if err := saveCycle(ctx, tx, c, status, was); err != nil {
			return err
		}
		if status == tandem.CycleRunning && c.Status == status && len(c.Graph.Steps) > steps {
			return growCycle(ctx, tx, c)
		}
		return nil
	})
	if err == nil {
		if c.StopReason != "" {
			s.noticesCame.ring()
		}
		c.Counts, err = s.cycleCounts(ctx, a, id)
	}
	return c, err
}

func saveCycle(ctx context.Context, tx *sql.Tx, c *tandem.Cycle, status tandem.CycleStatus, was [][]byte) error {
	docs, err := encode(c.Graph, c.Connectors, c.Tags)
	if err != nil {
		return err
	}
	if !bytes.Equal(was[0], docs[0]) || !bytes.Equal(was[1], docs[1]) {
		c.Revision++
		if err := nextVersion(ctx, tx, c); err != nil {
			return err
		}
		if err := saveVersion(ctx, tx, c, docs[0], docs[1]); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE cycle SET version = $3, name = $4, description = $5, tags = $6, labels = $7, status = $8, stop_reason = $9,
			interval_minutes = $10, start_at = $11, run_once = $12, shareable = $13, template_release = $14, omit_requests = $15,
			retain_success_hours = $16, retain_errored_hours = $17, revision = $18
		WHERE account = $1 AND id = $2`,
		c.Account, c.ID, c.Version, c.Name, c.Description, docs[2], labels(c.Name, c.Tags, c.Graph.Connectors), c.Status, c.StopReason,
		c.Interval, micros(c.StartTime), c.RunOnce, c.Shareable, c.TemplateReleaseID, c.Graph.OmitRequests,
		c.Retention.Success, c.Retention.Errored, c.Revision)
	switch {
	case err != nil:
		return err
	case c.Status == status && status == tandem.CycleRunning:
		return freeze(ctx, tx, c)
	case c.Status == status:
		return nil
	case c.Status == tandem.CycleRunning:
		return startCycle(ctx, tx, c)
	}
	c.NextRun = time.Time{}
	_, err = tx.ExecContext(ctx, `DELETE FROM timer WHERE account = $1 AND cycle = $2`, c.Account, c.ID)
	if err == nil && c.Status == tandem.CyclePaused {
		err = hold(ctx, tx, c.Account, c.ID)
	}
	return err
}

func scanCycleKey(r scanner) (c journal.Cycle, err error) { return c, r.Scan(&c.Account, &c.ID) }

// freeze keeps c's version as it is, as transactions run it.
func freeze(ctx context.Context, tx *sql.Tx, c *tandem.Cycle) error {
	_, err := tx.ExecContext(ctx, `UPDATE cycle_version SET frozen = true WHERE account = $1 AND cycle = $2 AND version = $3`, c.Account, c.ID, c.Version)
	return err
}

func startCycle(ctx context.Context, tx *sql.Tx, c *tandem.Cycle) error {
	if err := admitCycle(ctx, tx, c); err != nil {
		return err
	}
	err := freeze(ctx, tx, c)
	if err != nil || c.Interval == 0 && !c.RunOnce {
		return err
	}
	c.NextRun = c.StartTime
	_, err = tx.ExecContext(ctx, `INSERT INTO timer (account, cycle, next_at, clock) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account, cycle) DO UPDATE SET next_at = excluded.next_at, clock = excluded.clock`, c.Account, c.ID, micros(c.StartTime), micros(c.Clock))
	return err
}

// nextVersion moves c on from a version that is frozen.
func nextVersion(ctx context.Context, tx *sql.Tx, c *tandem.Cycle) error {
	var frozen bool
	err := tx.QueryRowContext(ctx, `SELECT frozen FROM cycle_version WHERE account = $1 AND cycle = $2 AND version = $3`, c.Account, c.ID, c.Version).Scan(&frozen)
	if frozen {
		c.Version++
	}
	return err
}

// saveVersion keeps c's graph, and what is looked up by its steps.
func saveVersion(ctx context.Context, tx *sql.Tx, c *tandem.Cycle, graph, connectors []byte) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO cycle_version (account, cycle, version, graph, connectors, frozen) VALUES ($1, $2, $3, $4, $5, false)
		ON CONFLICT (account, cycle, version) DO UPDATE SET graph = excluded.graph, connectors = excluded.connectors`,
		c.Account, c.ID, c.Version, graph, connectors)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM cycle_connector WHERE account = $1 AND cycle = $2`, c.Account, c.ID); err != nil {
		return err
	}
	for _, used := range c.Connectors {
		_, err := tx.ExecContext(ctx, `INSERT INTO cycle_connector (account, cycle, account_connector) VALUES ($1, $2, $3)
			ON CONFLICT (account, cycle, account_connector) DO NOTHING`, c.Account, c.ID, used)
		if err != nil {
			return err
		}
	}
	if err := saveSteps(ctx, tx, c); err != nil {
		return err
	}
	return saveWebhooks(ctx, tx, c)
}

func saveSteps(ctx context.Context, tx *sql.Tx, c *tandem.Cycle) error {
	known, err := rows(ctx, tx, scanID[tandem.StepID], `SELECT id FROM step WHERE account = $1 AND cycle = $2`, c.Account, c.ID)
	if err != nil {
		return err
	}
	for _, step := range c.Graph.Steps {
		if i := slices.Index(known, step.ID); i >= 0 {
			known = slices.Delete(known, i, i+1)
			continue
		}
		r, err := tx.ExecContext(ctx, `INSERT INTO step (account, id, cycle, last_successful_run) VALUES ($1, $2, $3, 0)
			ON CONFLICT (account, id) DO NOTHING`, c.Account, step.ID, c.ID)
		if changed(r, err, "") != nil {
			if err != nil {
				return err
			}
			return tandem.Invalidf("Id", "Step id %s is in use by another cycle.", step.ID)
		}
	}
	for _, gone := range known {
		if _, err := tx.ExecContext(ctx, `DELETE FROM step WHERE account = $1 AND id = $2`, c.Account, gone); err != nil {
			return err
		}
	}
	return nil
}

// CycleOfStep errors: NotFound.
func (s *Store) CycleOfStep(ctx context.Context, a tandem.AccountID, id tandem.StepID) (tandem.CycleID, error) {
	return row(ctx, s.read(), fmt.Sprintf("Step %s", id), scanID[tandem.CycleID], `SELECT step.cycle FROM step JOIN cycle ON cycle.account = step.account AND cycle.id = step.cycle
		WHERE step.account = $1 AND step.id = $2 AND cycle.deleted_at = 0`, a, id)
}

// ending are cycles that take nothing in any more, but are not paused yet:
// those that finish what they have, and those that ran once. While their account
// is suspended, they wait.
const ending = `c.status <> 'Paused' AND NOT EXISTS (SELECT 1 FROM account WHERE account.id = c.account AND NOT account.enabled) AND (c.status = 'Finishing' OR c.run_once AND NOT EXISTS
	(SELECT 1 FROM timer WHERE timer.account = c.account AND timer.cycle = c.id AND timer.next_at > 0))`

const settleCycles = `UPDATE cycle AS c SET status = 'Paused' WHERE ` + ending + ` AND NOT EXISTS
	(SELECT 1 FROM txn WHERE txn.account = c.account AND txn.cycle = c.id AND txn.status < 10) AND NOT EXISTS
	(SELECT 1 FROM barrier WHERE barrier.account = c.account AND barrier.cycle = c.id) RETURNING account, id`

// SettleCycles pauses the cycles that have ended, and holds them, as what
// arrives late must not run; it says how many are still to end.
func (s *Store) SettleCycles(ctx context.Context) (left int, err error) {
	const count = `SELECT count(*) FROM cycle c WHERE ` + ending
	if err := s.read().QueryRowContext(ctx, count).Scan(&left); err != nil || left == 0 {
		return left, err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		ended, err := rows(ctx, tx, scanCycleKey, settleCycles)
		if err != nil {
			return err
		}
		for _, c := range ended {
			if err := hold(ctx, tx, c.Account, c.ID); err != nil {
				return err
			}
		}
		return tx.QueryRowContext(ctx, count).Scan(&left)
	})
	return left, err
}

// StartedCycles lists the cycles, of all accounts that are not suspended, that
// were started, but whose transactions still are held.
func (s *Store) StartedCycles(ctx context.Context) ([]journal.Cycle, error) {
	return rows(ctx, s.read(), scanCycleKey, `SELECT c.account, c.id FROM cycle c JOIN hold ON hold.account = c.account AND hold.cycle = c.id
		JOIN account a ON a.id = c.account WHERE c.status <> 'Paused' AND a.enabled`)
}

// LastRun is when a step of a cycle last ran without error; the zero time is
// never, or that there is no such step any more.
func (s *Store) LastRun(ctx context.Context, a tandem.AccountID, c tandem.CycleID, id tandem.StepID) (time.Time, error) {
	at, err := row(ctx, s.read(), "Step", scanID[int64], `SELECT last_successful_run FROM step WHERE account = $1 AND cycle = $2 AND id = $3`, a, c, id)
	if tandem.ErrorCode(err) == tandem.NotFound {
		err = nil
	}
	return instant(at), err
}
