package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

// suspensions: an account is in service with its cycles or not at all, and comes
// back as it was.
type suspensions struct {
	*killing
	held   *client.Client
	cycles []tandem.CycleID // two that run, and one that does not
	hooks  []string
	taken  []string // ids of events
}

func (s *suspensions) begin(k *killing) {
	s.killing, s.held = k, k.account("held")
	text, err := os.ReadFile(filepath.Join("testdata", "deliver.json"))
	must(k, err)
	t, err := k.acme.ImportTemplate(k.Context(), json.RawMessage(text))
	must(k, err)
	for range 2 {
		c, hook := k.running(s.held, t)
		s.cycles, s.hooks = append(s.cycles, c.ID), append(s.hooks, hook)
	}
	paused, err := s.held.InstallTemplate(k.Context(), t)
	must(k, err)
	s.cycles = append(s.cycles, paused.ID)
}

func (s *suspensions) turn(ctx context.Context, n int) error {
	_, err := s.acme.SuspendAccount(ctx, "held")
	if err == nil {
		_, err = s.acme.ResumeAccount(ctx, "held")
	}
	for i, hook := range s.hooks {
		if err == nil {
			err = s.send(ctx, hook, fmt.Sprintf("held-%d-%d", n, i), http.StatusOK)
		}
	}
	return err
}

// send sends an event that has to be answered so.
func (s *suspensions) send(ctx context.Context, hook, id string, want int) error {
	status, err := event(ctx, hook, id, "")
	switch {
	case err != nil:
		return err
	case status != want:
		s.Errorf("event %s was answered %d, not %d", id, status, want)
	case status == http.StatusOK:
		s.taken = append(s.taken, id)
	}
	return nil
}

func (s *suspensions) end() {
	a, err := s.acme.GetAccount(s.Context(), "held")
	must(s, err)
	s.is("found", a.Enabled)
	_, err = s.acme.SuspendAccount(s.Context(), "held")
	must(s, err)
	s.is("suspended", false)
	_, err = s.acme.ResumeAccount(s.Context(), "held")
	must(s, err)
	s.is("resumed", true)
	s.idle("held")
	came := s.sink.byEvent()
	for _, id := range s.taken {
		if len(came[id]) != 1 {
			s.Errorf("event %s came under %d keys", id, len(came[id]))
		}
	}
}

// is checks whether everything that ran runs.
func (s *suspensions) is(when string, on bool) {
	s.Helper()
	want, shown := http.StatusGone, []tandem.CycleStatus{tandem.CyclePaused, tandem.CyclePaused, tandem.CyclePaused}
	if on {
		want, shown = http.StatusOK, []tandem.CycleStatus{tandem.CycleRunning, tandem.CycleRunning, tandem.CyclePaused}
	}
	for i, hook := range s.hooks {
		must(s, s.send(s.Context(), hook, fmt.Sprintf("%s-%d", when, i), want))
	}
	for i, id := range s.cycles {
		if c, err := s.held.Cycle(s.Context(), id); err != nil || c.Status != shown[i] {
			s.Errorf("%s: cycle %d is %s, %v; want %s", when, i, c.Status, err, shown[i])
		}
	}
}

// upgrades: a cycle that runs is of one release or the other, and so is each of
// its transactions. Each release delivers an event twice, with its own name.
type upgrades struct {
	*killing
	books    *client.Client
	template string // path
	cycle    tandem.CycleID
	hook     string
	taken    []string
}

func (s *upgrades) begin(k *killing) {
	s.killing, s.books = k, k.account("upgraded")
	text, err := os.ReadFile(filepath.Join("testdata", "twice.json"))
	must(k, err)
	t, err := k.acme.ImportTemplate(k.Context(), json.RawMessage(text))
	must(k, err)
	c, hook := k.running(s.books, t)
	s.template, s.cycle, s.hook = "/templates/"+string(t), c.ID, hook
}

func (s *upgrades) turn(ctx context.Context, n int) error {
	if err := s.release(ctx, n+1); err != nil {
		return err
	}
	if err := s.send(ctx, fmt.Sprint("before-", n)); err != nil {
		return err
	}
	if _, err := s.books.UpgradeCycle(ctx, s.cycle); err != nil {
		return err
	}
	return s.send(ctx, fmt.Sprint("after-", n))
}

func (s *upgrades) send(ctx context.Context, id string) error {
	status, err := event(ctx, s.hook, id, "")
	if err == nil && status != http.StatusOK {
		s.Errorf("event %s was answered %d", id, status)
	} else if err == nil {
		s.taken = append(s.taken, id)
	}
	return err
}

// release makes a release live that goes by a number: of the draft that a turn
// which was cut off has left, if there is one.
func (s *upgrades) release(ctx context.Context, n int) error {
	var t client.Template
	if err := s.acme.Do(ctx, http.MethodGet, s.template, nil, &t); err != nil {
		return err
	}
	var r struct {
		ID    string `json:"Id"`
		Graph tandem.Graph
	}
	at := s.template + "/releases/" + string(t.DraftReleaseID)
	var err error
	if t.DraftReleaseID == "" {
		err = s.acme.Do(ctx, http.MethodPost, s.template+"/releases", map[string]string{}, &r)
		at = s.template + "/releases/" + r.ID
	} else {
		err = s.acme.Do(ctx, http.MethodGet, at, nil, &r)
	}
	if err != nil {
		return err
	}
	for i, name := range []string{"a", "b"} {
		r.Graph.Steps[1+i].Fields[0].Value = fmt.Sprintf("{{id}}|%d|%s", n, name)
	}
	if err := s.acme.Do(ctx, http.MethodPut, at, map[string]any{"Graph": r.Graph}, nil); err != nil {
		return err
	}
	return s.acme.Do(ctx, http.MethodPost, at+"/promote", map[string]string{}, nil)
}

var releaseMark = regexp.MustCompile(`\|(\d+)\|`)

// mark is the number that a graph in the database goes by.
func (s *upgrades) mark(query string, args ...any) string {
	s.Helper()
	var graph []byte
	must(s, s.db.QueryRowContext(s.Context(), query, args...).Scan(&graph))
	all := releaseMark.FindAllStringSubmatch(string(graph), -1)
	if len(all) != 2 || all[0][1] != all[1][1] {
		s.Fatalf("a graph is of the releases %v", all)
	}
	return all[0][1]
}

func (s *upgrades) end() {
	s.idle("upgraded")
	runs := s.mark(`SELECT v.graph FROM cycle c JOIN cycle_version v ON v.account = c.account AND v.cycle = c.id AND v.version = c.version WHERE c.id = $1`, s.cycle)
	says := s.mark(`SELECT r.graph FROM cycle c JOIN template_release r ON r.template = c.template AND r.id = c.template_release WHERE c.id = $1`, s.cycle)
	if runs != says {
		s.Errorf("the cycle says that it is of release %s, and is of %s", says, runs)
	}
	came := map[string][]string{} // the releases that delivered an event
	for id, keys := range s.sink.byEvent() {
		if event, by, ok := strings.Cut(id, "|"); ok {
			came[event] = append(came[event], by)
			if len(keys) != 1 {
				s.Errorf("event %s came under %d keys", id, len(keys))
			}
		}
	}
	releases := map[string]bool{}
	for _, id := range s.taken {
		by := came[id]
		if len(by) != 2 || by[0][:len(by[0])-1] != by[1][:len(by[1])-1] {
			s.Errorf("event %s was delivered by %v", id, by)
			continue
		}
		releases[by[0][:len(by[0])-2]] = true
	}
	s.Logf("%d events by %d releases", len(s.taken), len(releases))
	if len(releases) < 3 {
		s.Error("hardly anything was upgraded")
	}
}
