package embed

import (
	"net/http"

	"github.com/tandem-ipaas/tandem"
)

// orbit is the account's integrations.
type orbit struct{ Cycles []tandem.Cycle }

func (e *Embed) showOrbit(w http.ResponseWriter, r *http.Request, v *visit) error {
	all, err := e.cycles(r.Context(), v)
	if err != nil {
		return err
	}
	e.show(w, r, v, page{Name: "orbit", Title: "Your integrations", Body: orbit{all}})
	return nil
}

// changeCycle starts, pauses or deletes an integration.
func (e *Embed) changeCycle(w http.ResponseWriter, r *http.Request, v *visit) error {
	ctx, account := r.Context(), v.Who.Account
	id, err := cycleID(r)
	if err != nil {
		return err
	}
	switch r.PathValue("action") {
	case "start":
		_, err = e.services.Control.Activate(ctx, account, id, tandem.Activation{})
		if tandem.ErrorCode(err) == tandem.Invalid { // there is something to set up first
			return e.showCycleForm(w, r, v, tandem.DefaultLaunch(), id, err)
		}
	case "pause":
		_, err = e.services.Control.Deactivate(ctx, account, id, false)
	case "delete":
		if _, err = e.services.Control.Deactivate(ctx, account, id, false); err == nil {
			err = e.services.Cycles.Delete(ctx, account, id)
		}
	default:
		err = errNoPage
	}
	if err != nil {
		return err
	}
	return v.see(w, r, v.back(r, tandem.OrbitPath))
}
