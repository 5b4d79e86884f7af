package e2e

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/torture"
)

// jobKills is how often a server is killed in the middle of one job.
const jobKills = 4

// TestKillRollout kills a server again and again while it upgrades the cycles of a
// template.
func TestKillRollout(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) { killRollout(newMoment(killOnSQLite(t))) })
	t.Run("Postgres", func(t *testing.T) { killRollout(newMoment(killOnPostgres(t))) })
}

// TestKillRepeatJob kills a server again and again while it runs many transactions
// again.
func TestKillRepeatJob(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) { killRepeatJob(newMoment(killOnSQLite(t))) })
	t.Run("Postgres", func(t *testing.T) { killRepeatJob(newMoment(killOnPostgres(t))) })
}

// killMidway kills the server while work of so many items goes on, each time further
// on; at once after one of them is done, or a while later. done counts them.
func (m *moment) killMidway(with torture.Test, total int64, done func() int64) {
	m.Helper()
	part := total / (jobKills + 2) // of which the last is done when nobody kills
	for k := range int64(jobKills) {
		from := (k + 1) * part
		enough := from + with.Int64N(part/2)
		m.soon("what is to be done before a kill", time.Millisecond, func() bool { return done() >= enough })
		time.Sleep(time.Duration(with.IntN(2)*with.IntN(10)) * time.Millisecond)
		m.node.mustKill()
		if n := done(); n < from || n >= total {
			m.Fatalf("the kill came at another moment: %d of %d are done", n, total)
		}
		for _, of := range []string{"rollout", "repeat_job"} { // the time passes that nobody else takes it
			_, err := m.db.ExecContext(m.Context(), `UPDATE `+of+` SET leased_until = 0`)
			must(m, err)
		}
		m.boot()
	}
}

func killRollout(m *moment) {
	const cycles = 60
	with := torture.Begin(m)
	a, of := m.account("fleet"), m.template("twice.json")
	hooks := map[tandem.CycleID]string{}
	for range cycles {
		c, hook := m.running(a, of)
		hooks[c.ID] = hook
	}
	releases := upgrades{killing: m.killing, template: "/templates/" + string(of)}
	rounds := with.Times(50, 1)
	for round := range rounds {
		must(m, releases.release(m.Context(), round+1))
		r, err := m.acme.StartRollout(m.Context(), of, client.RolloutStart{})
		if err != nil || r.Total != cycles {
			m.Fatalf("%+v, %v", r, err)
		}
		m.killMidway(with, cycles, func() int64 {
			return m.one(`SELECT count(*) FROM rollout_cycle WHERE rollout = $1 AND outcome = 'Upgraded'`, r.ID)
		})
		m.eventually("the end of the rollout", func() bool {
			r, err = m.acme.Rollout(m.Context(), of, r.ID)
			must(m, err)
			return r.EndedOnUTC != nil
		})
		if r.State != tandem.RolloutCompleted || r.Counts[tandem.RolloutUpgraded] != cycles || r.Total != cycles {
			m.Errorf("%+v", r)
		}
		m.upgraded(a, r, round+1)
	}
	for id, hook := range hooks {
		if status, err := event(m.Context(), hook, string(id), ""); err != nil || status != http.StatusOK {
			m.Errorf("cycle %s: %d, %v", id, status, err)
		}
	}
	m.idle("fleet")
	came := m.sink.byEvent()
	for id := range hooks {
		for _, name := range []string{"a", "b"} {
			if by := fmt.Sprintf("%s|%d|%s", id, rounds, name); len(came[by]) != 1 {
				m.Errorf("%s came under %d keys", by, len(came[by]))
			}
		}
	}
	m.Logf("%d kills, %d upgrades", rounds*jobKills, rounds*cycles)
}

// upgraded checks that each cycle came to the release of a rollout, and that each was
// upgraded once in each round.
func (m *moment) upgraded(a *client.Client, r client.Rollout, rounds int) {
	m.Helper()
	for c, err := range a.Cycles(m.Context(), client.CycleQuery{}) {
		must(m, err)
		if c.TemplateReleaseID != r.ReleaseID || c.Status != tandem.CycleRunning {
			m.Errorf("cycle %s is %s, of release %s", c.ID, c.Status, c.TemplateReleaseID)
		}
		var all []tandem.AuditEntry
		must(m, m.acme.Do(m.Context(), http.MethodGet, fmt.Sprintf("/audit?action=upgradeCycle&pageSize=100&object=/v1.0/cycles/%s/upgrade", c.ID), nil, &all))
		if len(all) != rounds {
			m.Errorf("cycle %s was upgraded %d times in %d rounds", c.ID, len(all), rounds)
		}
	}
}

func killRepeatJob(m *moment) {
	const size = 1000
	with := torture.Begin(m)
	a := m.account("books")
	_, hook := m.running(a, m.template("deliver.json"))
	rounds := with.Times(25, 1)
	for round := range rounds {
		m.sink.refuses.Store(true)
		ids := m.flood(hook, round, size)
		m.eventually("that all fail", func() bool {
			return m.one(`SELECT count(*) FROM txn WHERE repeats = 0 AND status = $1`, tandem.TransactionFailed) == int64(size*(round+1))
		})
		m.sink.refuses.Store(false)
		j, err := a.StartTransactionJob(m.Context(), client.TransactionJobStart{Action: tandem.RetryTransaction})
		must(m, err)
		before := int64(size * round)
		m.killMidway(with, size, func() int64 { return m.one(`SELECT count(*) FROM txn WHERE repeats > 0`) - before })
		m.eventually("the end of the job", func() bool {
			j, err = a.TransactionJob(m.Context(), j.ID)
			must(m, err)
			return j.EndedOnUTC != nil
		})
		if j.State != tandem.RepeatJobCompleted || j.Done != size || j.Skipped != 0 || j.Reason != "" {
			m.Errorf("%+v", j)
		}
		m.eventually("the end of what is run again", func() bool {
			return m.one(`SELECT count(*) FROM txn WHERE repeats > 0 AND status = $1`, tandem.TransactionCompleted) == before+size
		})
		came := m.sink.byEvent()
		for _, id := range ids {
			if len(came[id]) != 1 {
				m.Errorf("event %s came under %d keys", id, len(came[id]))
			}
		}
	}
	if all, of := m.one(`SELECT count(*) FROM txn`), m.one(`SELECT count(DISTINCT repeats) FROM txn WHERE repeats > 0`); all != 2*size*int64(rounds) || of != size*int64(rounds) {
		m.Errorf("%d transactions, of which %d were run again; want each once", all, of)
	}
	checkUsage(m, m.in, m.url, "books", size)
	m.Logf("%d kills, %d transactions run again, in %d deliveries", rounds*jobKills, rounds*size, m.sink.calls.Load())
}

// flood sends so many events, and gives their ids.
func (m *moment) flood(hook string, round, n int) []string {
	m.Helper()
	ids := make([]string, n)
	var all sync.WaitGroup
	for s := range senders {
		all.Go(func() {
			for i := s; i < n; i += senders {
				ids[i] = fmt.Sprintf("%d-%d", round, i)
				if status, err := event(context.WithoutCancel(m.Context()), hook, ids[i], ""); err != nil || status != http.StatusOK {
					m.Errorf("event %s: %d, %v", ids[i], status, err)
				}
			}
		})
	}
	all.Wait()
	return ids
}
