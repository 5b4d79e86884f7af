package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// actOf is what the audit log is told of a request.
func actOf(r *http.Request, to route, at caller) *tandem.Act {
	record := recordOf(r.Context())
	act := &tandem.Act{
		Who: record.who, Account: at.place.Account, Name: to.ID, Object: objectOf(r, to.Path), RequestID: record.id,
		Address: tandem.NetworkAddress(r.RemoteAddr), Reads: !to.Changes,
	}
	if strings.HasPrefix(to.Path, "/v1.0/accounts/{id}") {
		act.AccountAPIID = r.PathValue("id")
	}
	return act
}

// objectOf is the path of a request, without parts that are secrets.
func objectOf(r *http.Request, pattern string) string {
	parts := strings.Split(pattern, "/")
	for i, p := range parts {
		name, ok := strings.CutPrefix(p, "{")
		if !ok {
			continue
		}
		name = strings.TrimSuffix(name, "}")
		if parts[i] = r.PathValue(name); secretNames.MatchString(name) {
			parts[i] = mask
		}
	}
	return strings.Join(parts, "/")
}

// witness tells the audit log what no commit has told it: what was refused to
// somebody known, and what was done without a change of ours.
func (a *API) witness(ctx context.Context, act *tandem.Act, r *record) {
	e := act.Entry()
	switch {
	case tandem.ErrorCode(r.err) == tandem.Forbidden, r.err != nil && r.route.Scope == Public && r.status < http.StatusInternalServerError:
		e.Outcome, e.Reason = tandem.ActRefused, failureOf(r.err).Message
	case act.Reads || act.Logged() || r.err != nil || r.status >= http.StatusBadRequest:
		return
	}
	who := act.Who
	if act.Account != 0 {
		who.Account = act.Account
	}
	a.services.Audit.Record(ctx, e, who)
}
