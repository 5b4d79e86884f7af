package apitest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
)

// owner calls every route as its owner, so that nothing is gone before it is
// asked for.
func (m *matrix) owner(t *testing.T, own *tenant) {
	routes := slices.Clone(m.Routes)
	slices.Reverse(routes)
	slices.SortStableFunc(routes, func(a, b api.Route) int { return turn(a) - turn(b) })
	m.Flush()                      // the many refusals, which the log tells of together
	want := map[string]api.Route{} // what the audit log is to tell of, by request id
	for _, r := range routes {
		e := m.entries[r.ID]
		q := request{method: r.Method, path: own.fill(e.path), token: own.token, id: "audited-" + r.ID, body: e.of(own)}
		if r.Scope == api.Partner || r.Need.Unrestricted {
			q.token, q.accounts = own.partnerToken, []string{own.Canary}
		}
		res := m.send(t, q)
		if slices.Contains([]int{401, 403, 404}, res.status) || res.status >= 500 {
			t.Errorf("%s %s by its owner: %d %s", r.Method, q.path, res.status, res.body)
		}
		if r.Changes && r.Scope != api.Public && res.status < 300 {
			want[q.id] = r
		}
	}
	m.audited(t, own, want)
	if res := m.send(t, request{method: http.MethodDelete, path: "/v1.0/accounts/" + own.Canary + "?subaccounts=true", token: own.partnerToken}); res.status != http.StatusOK {
		t.Errorf("delete %s: %d %s", own.Canary, res.status, res.body)
	}
	if res := m.send(t, request{method: http.MethodGet, path: "/v1.0/cycles", token: own.token}); res.status != http.StatusUnauthorized {
		t.Errorf("the token of a deleted account: %d %s", res.status, res.body)
	}
}

// turn orders routes: what needs an account that is awake, suspending and
// resuming it, deletions from the inside out, and then the account's own and its
// return.
func turn(r api.Route) int {
	last := []string{"suspendAccount", "resumeAccount", "", "deleteAccount", "restoreAccount"}
	switch at := slices.Index(last, r.ID); {
	case r.ID == "revokeAccountSession": // suspending ends all of them
		return 0
	case at >= 0:
		return at + 1
	case r.Method == http.MethodDelete:
		return slices.Index(last, "") + 1
	}
	return 0
}

// audited says whether the requests with the ids of want, and no others, have
// one entry each in the audit log.
func (m *matrix) audited(t *testing.T, own *tenant, want map[string]api.Route) {
	t.Helper()
	m.Flush()
	seen := map[string]bool{}
	for page := 1; ; page++ {
		var found []tandem.AuditEntry
		res := m.send(t, request{method: http.MethodGet, path: fmt.Sprintf("/v1.0/audit?text=audited-&pageSize=100&page=%d", page), token: own.partnerToken})
		if err := json.Unmarshal([]byte(res.body), &found); err != nil || res.status != http.StatusOK {
			t.Fatalf("audit log: %d %s: %v", res.status, res.body, err)
		}
		if len(found) == 0 {
			break
		}
		for _, e := range found {
			r, ok := want[e.RequestID]
			if !ok || seen[e.RequestID] || e.Action != r.ID || e.Outcome != tandem.ActDone || e.Actor == "" {
				t.Errorf("the audit log should not tell of %s so: %+v", e.RequestID, e)
			}
			seen[e.RequestID] = true
		}
	}
	for id, r := range want {
		if !seen[id] {
			t.Errorf("%s %s is not in the audit log", r.Method, r.Path)
		}
	}
}
