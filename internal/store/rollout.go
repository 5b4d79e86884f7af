package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const rolloutColumns = `partner, template, id, release, version, state, reason, canary, max_failures, client, console_user, created_by, created_at, ended_at, trying`

func scanRollout(s scanner) (r tandem.Rollout, err error) {
	var created, ended int64
	err = s.Scan(&r.Partner, &r.Template, &r.ID, &r.Release, &r.Version, &r.State, &r.Reason, &r.First, &r.MaxFailures,
		&r.By.Client, &r.By.ConsoleUser, &r.CreatedBy, &created, &ended, &r.Trying)
	r.By.Partner, r.Created, r.Ended = r.Partner, instant(created), instant(ended)
	return r, err
}

func rolloutName(id tandem.RolloutID) string { return fmt.Sprintf("Rollout %s", id) }

// InsertRollout adds a rollout with its cycles, and fills in who began it. Errors:
// Invalid (a cycle is none of the template's, there is none to upgrade), Conflict
// (another of the template is not at its end).
func (s *Store) InsertRollout(ctx context.Context, r *tandem.Rollout, plan tandem.RolloutPlan) error {
	if act := tandem.ActOf(ctx); act != nil {
		r.By.Client, r.By.ConsoleUser = act.Who.Client, act.Who.ConsoleUser
	}
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		if r.CreatedBy, err = author(ctx, tx); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO rollout (partner, id, template, release, version, state, reason, canary, max_failures, tried, failures,
				client, console_user, created_by, created_at, ended_at, next_at, leased_until)
			VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, 0, 0, $9, $10, $11, $12, 0, 0, 0)`,
			r.Partner, r.ID, r.Template, r.Release, r.Version, r.State, r.First, r.MaxFailures, r.By.Client, r.By.ConsoleUser, r.CreatedBy, micros(r.Created))
		if err != nil {
			return err
		}
		if plan.Cycles != nil {
			return namedTargets(ctx, tx, r, plan.Cycles)
		}
		return allTargets(ctx, tx, r, plan.From)
	})
	return s.oneRollout(err)
}

// oneRollout is err as it is told when a template has a rollout already.
func (s *Store) oneRollout(err error) error {
	if s.dialect.Duplicate(err) {
		return &tandem.Error{Code: tandem.Conflict, Message: "Another rollout of the template is not at its end.", Err: err}
	}
	return err
}

// allTargets gives a rollout the cycles of its template that are of another
// release, or only those that are of one, by account.
func allTargets(ctx context.Context, tx *sql.Tx, r *tandem.Rollout, from tandem.ReleaseID) error {
	c := &conditions{all: []string{"c.deleted_at = 0", "c.template <> ''", "t.release <> c.template_release"}, args: []any{r.ID}}
	c.add("a.partner = ", r.Partner)
	c.add("c.template = ", r.Template)
	if from != "" {
		c.add("c.template_release = ", from)
	}
	did, err := tx.ExecContext(ctx, `INSERT INTO rollout_cycle (partner, rollout, place, account, cycle, account_name, cycle_name, outcome, reason, lost, ended_at)
		SELECT a.partner, CAST($1 AS text), ROW_NUMBER() OVER (ORDER BY lower(a.name), lower(c.name), c.id), c.account, c.id, a.name, c.name, 'Pending', '', NULL, 0
		FROM `+installedTables+c.where(), c.args...)
	if err != nil {
		return err
	}
	if n, err := did.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return tandem.Invalidf("", "There is no cycle to upgrade.")
}

// namedTargets gives a rollout cycles of its template, in the order of ids.
func namedTargets(ctx context.Context, tx *sql.Tx, r *tandem.Rollout, ids []tandem.CycleID) error {
	all, err := rows(ctx, tx, func(s scanner) (x tandem.RolloutCycle, err error) {
		return x, s.Scan(&x.Account, &x.Cycle, &x.AccountName, &x.CycleName)
	}, `SELECT c.account, c.id, a.name, c.name FROM `+installedTables+`
		WHERE c.deleted_at = 0 AND c.template <> '' AND a.partner = $1 AND c.template = $2`, r.Partner, r.Template)
	if err != nil {
		return err
	}
	installed := make(map[tandem.CycleID]tandem.RolloutCycle, len(all))
	for _, x := range all {
		installed[x.Cycle] = x
	}
	for i, id := range ids {
		x, ok := installed[id]
		if !ok {
			return tandem.Invalidf("Cycles", "Cycles: %s is no cycle of the template.", id)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO rollout_cycle (partner, rollout, place, account, cycle, account_name, cycle_name, outcome, reason, lost, ended_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 'Pending', '', NULL, 0)`, r.Partner, r.ID, i+1, x.Account, x.Cycle, x.AccountName, x.CycleName)
		if err != nil {
			return err
		}
	}
	return nil
}

// Rollout errors: NotFound (also: the template is in the recycle bin).
func (s *Store) Rollout(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID) (tandem.Rollout, error) {
	r, err := rollout(ctx, s.read(), p, t, id)
	if err != nil {
		return r, err
	}
	r.Counts, err = s.countRollout(ctx, p, id)
	return r, err
}

func rollout(ctx context.Context, q querier, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID) (tandem.Rollout, error) {
	return row(ctx, q, rolloutName(id), scanRollout, `SELECT `+rolloutColumns+` FROM rollout WHERE partner = $1 AND template = $2 AND id = $3
		AND EXISTS (SELECT 1 FROM template t WHERE t.partner = $1 AND t.id = $2 AND t.deleted_at = 0)`, p, t, id)
}

func (s *Store) countRollout(ctx context.Context, p tandem.PartnerID, id tandem.RolloutID) (map[tandem.RolloutOutcome]int, error) {
	all := map[tandem.RolloutOutcome]int{}
	_, err := rows(ctx, s.read(), func(r scanner) (n int, err error) {
		var of tandem.RolloutOutcome
		err = r.Scan(&of, &n)
		all[of] = n
		return n, err
	}, `SELECT outcome, count(*) FROM rollout_cycle WHERE partner = $1 AND rollout = $2 GROUP BY outcome`, p, id)
	if err != nil {
		return nil, fmt.Errorf("count the cycles of rollout %s: %w", id, err)
	}
	return all, nil
}

var rolloutOrders = orders{"": {"created_at DESC", "id"}, "CreatedOnUtc": {"created_at", "id"}}

// Rollouts lists those of a template, the newest first. Errors: NotFound (the
// template), Invalid (OrderBy).
func (s *Store) Rollouts(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, of tandem.PageRequest) (all tandem.Page[tandem.Rollout], err error) {
	if _, err := s.Template(ctx, p, t); err != nil {
		return all, err
	}
	c := &conditions{}
	c.add("partner = ", p)
	c.add("template = ", t)
	all, err = page(ctx, s.read(), scanRollout, rolloutColumns, "rollout", c, rolloutOrders, of)
	for i := range all.Rows {
		if err == nil {
			all.Rows[i].Counts, err = s.countRollout(ctx, p, all.Rows[i].ID)
		}
	}
	return all, err
}

const (
	rolloutCycleColumns = `x.place, x.account, coalesce(a.api_id, ''), x.account_name, x.cycle, x.cycle_name,
		CASE WHEN a.enabled THEN 0 ELSE 1 END, CASE WHEN a.deleted_at = 0 THEN 0 ELSE 1 END, x.outcome, x.reason, x.lost, x.ended_at`
	rolloutCycleTables = `rollout_cycle x LEFT JOIN account a ON a.id = x.account`
)

func scanRolloutCycle(s scanner) (x tandem.RolloutCycle, err error) {
	var suspended, deleted int
	var lost []byte
	var ended int64
	err = s.Scan(&x.Place, &x.Account, &x.AccountID, &x.AccountName, &x.Cycle, &x.CycleName, &suspended, &deleted, &x.Outcome, &x.Reason, &lost, &ended)
	if err == nil && lost != nil {
		err = decode(lost, &x.Lost)
	}
	x.Suspended, x.Deleted, x.Ended = suspended != 0, deleted != 0, instant(ended)
	return x, err
}

var rolloutCycleOrders = orders{
	"":            {"x.place"},
	"AccountName": {"lower(x.account_name)", "x.place"},
	"CycleName":   {"lower(x.cycle_name)", "x.place"},
	"EndedOnUtc":  {"x.ended_at", "x.place"},
}

// RolloutCycles lists the cycles of a rollout, in its order. Errors: NotFound,
// Invalid (OrderBy).
func (s *Store) RolloutCycles(ctx context.Context, p tandem.PartnerID, t tandem.TemplateID, id tandem.RolloutID, f tandem.RolloutFilter) (tandem.Page[tandem.RolloutCycle], error) {
	if _, err := rollout(ctx, s.read(), p, t, id); err != nil {
		return tandem.Page[tandem.RolloutCycle]{}, err
	}
	c := &conditions{}
	c.add("x.partner = ", p)
	c.add("x.rollout = ", id)
	if f.Outcome != "" {
		c.add("x.outcome = ", f.Outcome)
	}
	return page(ctx, s.read(), scanRolloutCycle, rolloutCycleColumns, rolloutCycleTables, c, rolloutCycleOrders, f.PageRequest)
}

// deleteRollouts deletes those of a template.
func deleteRollouts(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, t tandem.TemplateID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM rollout_cycle WHERE partner = $1 AND rollout IN (SELECT id FROM rollout WHERE partner = $1 AND template = $2)`, p, t)
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM rollout WHERE partner = $1 AND template = $2`, p, t)
	}
	return err
}

// ForgetRollouts deletes those that ended before a time.
func (s *Store) ForgetRollouts(ctx context.Context, before time.Time) error {
	for _, of := range []string{
		`rollout_cycle WHERE (partner, rollout, place) IN (SELECT x.partner, x.rollout, x.place FROM rollout_cycle x
			JOIN rollout r ON r.partner = x.partner AND r.id = x.rollout AND r.ended_at > 0 AND r.ended_at < $1 LIMIT $2)`,
		`rollout WHERE (partner, id) IN (SELECT partner, id FROM rollout WHERE ended_at > 0 AND ended_at < $1 LIMIT $2)`,
	} {
		if err := s.repeat(ctx, `DELETE FROM `+of, micros(before), expireBatch); err != nil {
			return fmt.Errorf("forget rollouts: %w", err)
		}
	}
	return nil
}
