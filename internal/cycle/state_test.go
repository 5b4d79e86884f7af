package cycle_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem"
)

// machine is a cycle and what docs/states.md says of it.
type machine struct {
	*world
	t       *testing.T
	id      tandem.CycleID
	status  tandem.CycleStatus
	reason  string
	version int64
	frozen  bool // the version was activated
	held    bool // by the engine, or from the commit that paused it on
}

func (m *machine) conflict(r *rapid.T, err error, refused bool) {
	if (err != nil) != refused || refused && tandem.ErrorCode(err) != tandem.Conflict {
		r.Fatalf("%s: %v, want a Conflict: %v", m.status, err, refused)
	}
}

func (m *machine) activate(r *rapid.T) {
	_, err := m.Activate(m.t.Context(), m.account, m.id, tandem.Activation{})
	m.conflict(r, err, m.status == tandem.CycleRunning)
	m.status, m.reason, m.frozen = tandem.CycleRunning, "", true
}

func (m *machine) deactivate(r *rapid.T) {
	if _, err := m.Deactivate(m.t.Context(), m.account, m.id, false); err != nil {
		r.Fatal(err)
	}
	if m.status != tandem.CyclePaused {
		m.status, m.reason = tandem.CyclePaused, ""
	}
}

func (m *machine) finish(r *rapid.T) {
	if _, err := m.Deactivate(m.t.Context(), m.account, m.id, true); err != nil {
		r.Fatal(err)
	}
	if m.status != tandem.CyclePaused {
		m.status, m.reason = tandem.CycleFinishing, ""
	}
}

func (m *machine) fail(r *rapid.T) {
	hold, err := m.Stop(m.t.Context(), m.account, m.id, "broken")
	if err != nil {
		r.Fatal(err)
	}
	hold()
	ctx, cancel := context.WithCancel(m.t.Context())
	cancel()
	if err := m.Run(ctx); err != nil { // waits for what hold began
		r.Fatal(err)
	}
	if m.status != tandem.CyclePaused {
		m.status, m.reason = tandem.CyclePaused, "broken"
	}
}

func (m *machine) edit(r *rapid.T) {
	_, err := m.Edit(m.t.Context(), m.account, m.id, func(c *tandem.Cycle) error {
		c.Graph.Steps[0].Description += "."
		return nil
	})
	m.conflict(r, err, m.status != tandem.CyclePaused)
	if err == nil && m.frozen {
		m.version, m.frozen = m.version+1, false
	}
}

func (m *machine) settle(r *rapid.T) {
	if _, err := m.store.SettleCycles(m.t.Context()); err != nil {
		r.Fatal(err)
	}
	if m.status == tandem.CycleFinishing {
		m.status = tandem.CyclePaused
		held, err := m.store.Held(m.t.Context(), m.account, m.id)
		if m.held = held; err != nil {
			r.Fatal(err)
		}
	}
}

func (m *machine) check(r *rapid.T) {
	ctx := m.t.Context()
	c, err := m.Get(ctx, m.account, m.id)
	if err != nil {
		r.Fatal(err)
	}
	if c.Status != m.status || c.Version != m.version || c.StopReason != m.reason {
		r.Fatalf("%s %q version %d, want %s %q version %d", c.Status, c.StopReason, c.Version, m.status, m.reason, m.version)
	}
	for _, what := range m.happened() {
		if what == "hold" || what == "resume" {
			m.held = what == "hold"
		}
	}
	if m.held != (m.status == tandem.CyclePaused) {
		r.Fatalf("%s, and held: %v", m.status, m.held)
	}
	hooks, err := m.store.Webhooks(ctx, m.account, m.id)
	if err != nil || len(hooks) != 1 || (hooks[0].Remote != "") != (m.status == tandem.CycleRunning) {
		r.Fatalf("%s, and its webhook is %+v, %v", m.status, hooks, err)
	}
}

// remove makes room for the next cycle, which has the same steps.
func (m *machine) remove() {
	_, err := m.Deactivate(m.t.Context(), m.account, m.id, false)
	if err == nil {
		err = m.Delete(m.t.Context(), m.account, m.id)
	}
	if err == nil {
		_, err = m.store.PurgeCycles(m.t.Context(), time.Now().AddDate(0, 0, tandem.CycleBinDays+1))
	}
	if err != nil {
		m.t.Error(err)
	}
}

func TestStates(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(r *rapid.T) {
		c := w.add(t, "new-contact.json")
		m := &machine{world: w, t: t, id: c.ID, status: c.Status, version: 1, held: true}
		defer m.remove()
		w.happened()
		r.Repeat(map[string]func(*rapid.T){
			"activate": m.activate, "deactivate": m.deactivate, "finish": m.finish, "fail": m.fail,
			"edit": m.edit, "settle": m.settle, "": m.check,
		})
	})
}
