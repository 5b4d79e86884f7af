package embed

import (
	"context"
	"net/http"
	"net/url"

	"github.com/tandem-ipaas/tandem"
)

// handover is what a setup link lets somebody do who has no account: authenticate
// one connector. It shows the connector's name, and what is asked for.
type handover struct {
	Connectors []credentials // one
	Token      string
	Name       string

	ticket tandem.Ticket
	signIn tandem.ConnectorSignIn
	part   part
	asked  *credentials
}

// handover finds what a token is for. Errors: Gone, Forbidden.
func (e *Embed) handover(ctx context.Context, token tandem.Secret, values url.Values) (*handover, error) {
	t, in, err := e.services.SignIns.Look(ctx, tandem.SetupTicket, token)
	if err != nil {
		return nil, err
	}
	if _, err := e.awake(ctx, t); err != nil {
		return nil, err
	}
	c, err := e.services.Connectors.Get(ctx, t.Account, in.Connector)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return nil, errGone
	}
	if err != nil {
		return nil, err
	}
	l, err := e.services.Library.Get(ctx, t.Partner, c.Connector)
	if err != nil {
		return nil, err
	}
	c.State = tandem.NotAuthenticated // whatever it is: it was handed over to be set
	h := &handover{Token: string(token), Name: l.Name, ticket: t, signIn: in, part: part{key: "connector", library: l, installed: c}}
	if h.asked = h.part.needs(values); h.asked == nil {
		return nil, tandem.Invalidf("", "Nothing is needed for this connector.")
	}
	for i := range h.asked.Ways {
		if w := &h.asked.Ways[i]; w.SignsIn {
			w.Begin = tandem.ConnectorSetupPath + "/signin?" + url.Values{"token": {h.Token}, "authentication": {w.ID}}.Encode()
		}
	}
	h.Connectors = []credentials{*h.asked}
	return h, nil
}

// Typed says that there is something to fill in and send.
func (h *handover) Typed() bool {
	for _, w := range h.asked.Ways {
		if !w.SignsIn {
			return true
		}
	}
	return len(h.asked.Properties) > 0
}

func (e *Embed) showConnectorSetup(w http.ResponseWriter, r *http.Request) {
	h, err := e.handover(r.Context(), tandem.Secret(r.URL.Query().Get("token")), nil)
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	e.showHandover(w, r, h, nil)
}

func (e *Embed) showHandover(w http.ResponseWriter, r *http.Request, h *handover, refused error) {
	e.show(w, r, nil, page{Name: "handover", Title: "Connect " + h.part.library.Name, Err: refused, Body: h})
}

// setUpConnector takes what was filled in. The link is used up first, so that of
// many at once one gets through; for who has to correct something it is made anew.
func (e *Embed) setUpConnector(w http.ResponseWriter, r *http.Request) {
	if err := readForm(r); err != nil {
		e.fail(w, r, nil, err)
		return
	}
	token := tandem.Secret(r.PostForm.Get("token"))
	act := &tandem.Act{Name: "authenticateAccountConnector", Object: r.URL.Path, Address: tandem.NetworkAddress(r.RemoteAddr)}
	ctx := tandem.WithAct(r.Context(), act)
	h, err := e.handover(ctx, token, r.PostForm)
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	if (&setup{Connectors: h.Connectors}).missing() {
		e.showHandover(w, r, h, errMissing)
		return
	}
	if _, err := e.services.Tickets.Use(ctx, tandem.SetupTicket, token); err != nil {
		e.fail(w, r, nil, err)
		return
	}
	c, err := e.services.Connectors.Update(ctx, h.ticket.Account, h.signIn.Connector, h.part.update(h.asked, r.PostForm))
	if err == nil && c.State == tandem.Authenticated {
		e.show(w, r, nil, page{Name: "message", Title: "Thank you", Body: "It is connected. You can close this window."})
		return
	}
	if err == nil {
		err = notYet(c)
	}
	e.handBack(w, r.WithContext(ctx), h, err)
}

// notYet says why a connector that was set up is not authenticated.
func notYet(c *tandem.AccountConnector) error {
	if c.Note != "" {
		return tandem.Invalidf("", "%s", c.Note)
	}
	return tandem.Invalidf("", "Give the credentials, or sign in.")
}

// handBack makes a link anew that was used up for nothing, for as long as it would
// have lived.
func (e *Embed) handBack(w http.ResponseWriter, r *http.Request, h *handover, refused error) {
	again := h.ticket
	again.ID = 0
	token, _, err := e.services.Tickets.Issue(r.Context(), again)
	if err == nil {
		h, err = e.handover(r.Context(), token, r.PostForm)
	}
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	e.showHandover(w, r, h, refused)
}

// connectBySetup sends the browser to the third party. The link works until that
// has ended well.
func (e *Embed) connectBySetup(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	h, err := e.handover(r.Context(), tandem.Secret(q.Get("token")), nil)
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	in := h.signIn
	in.Setup, in.Authentication = h.ticket.ID, authenticationOf(q)
	if err := e.connect(w, r, in, tandem.EmbedSettings{}); err != nil {
		e.fail(w, r, nil, err)
	}
}
