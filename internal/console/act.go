package console

import (
	"context"
	"net/http"

	"github.com/tandem-ipaas/tandem"
)

// acting tells the audit log what a request is for. Who makes it is found out on
// the way.
func acting(name string, handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		act := &tandem.Act{Name: name, Object: r.URL.Path, Address: tandem.NetworkAddress(r.RemoteAddr)}
		handle(w, r.WithContext(tandem.WithAct(r.Context(), act)))
	}
}

// witness tells the audit log what was refused to somebody whom we know, or who
// says to be.
func (c *Console) witness(ctx context.Context, code tandem.Code, message string) {
	act := tandem.ActOf(ctx)
	if act == nil || act.Who.Partner == 0 || code == tandem.Internal {
		return
	}
	e := act.Entry()
	e.Outcome, e.Reason = tandem.ActRefused, message
	c.services.Audit.Record(ctx, e, act.Who)
}
