package embed

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// connectCookie, and a name made of the state, is what a browser keeps while
// somebody signs in at a third party; there may be several at once.
const (
	connectCookie = "tandem_connect_"
	connectAge    = 10 * time.Minute
)

func connectCookieFor(state string) string {
	sum := sha256.Sum256([]byte(state))
	return connectCookie + hex.EncodeToString(sum[:8])
}

var (
	errNoConnector  = tandem.NotFoundf("There is no such connector.")
	errTargetOrigin = tandem.Invalidf("targetOrigin", "This link leads nowhere: its targetOrigin is not one that the settings of embedding name.")
)

// maxCallbackMessage is how many bytes the page behind it is told.
const maxCallbackMessage = 4 << 10

// startConnect sends the browser to a third party, for an account connector: who
// comes has a token for it, or for signing in, or a session. It is a link, not a
// form: those may lead nowhere but here.
func (e *Embed) startConnect(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	in := tandem.ConnectorSignIn{
		TargetOrigin: strings.ToLower(q.Get("targetOrigin")), CallbackMessage: q.Get("callbackMessage"), Popup: q.Get("popup") == "true",
	}
	if to := q.Get("returnUrl"); to != "" {
		u, ok := relative(to)
		if !ok {
			e.fail(w, r, nil, errReturn)
			return
		}
		in.Return = u.String()
	}
	id, err := strconv.ParseInt(q.Get("id"), 10, 64)
	if err != nil {
		e.fail(w, r, nil, errNoConnector)
		return
	}
	in.Connector = tandem.AccountConnectorID(id)
	in.Authentication = authenticationOf(q)
	in, set, err := e.guest(r, in)
	if err == nil {
		err = e.connect(w, r, in, set)
	}
	if err != nil {
		e.fail(w, r, nil, err)
	}
}

// authenticationOf is the way in that a link names; 0: any.
func authenticationOf(q url.Values) int64 {
	id, _ := strconv.ParseInt(q.Get("authentication"), 10, 64)
	return id
}

// connectLifetime is how long a link of a page works to a sign-in in a popup.
const connectLifetime = time.Hour

// linkSignIns leads from a form to the sign-ins that it needs, and back. A popup
// that is opened from a frame has no session, so that it is given a token.
func (e *Embed) linkSignIns(r *http.Request, v *visit, l tandem.Launch, f *setup) error {
	for i := range f.Connectors {
		c := &f.Connectors[i]
		for j := range c.Ways {
			way := &c.Ways[j]
			if !way.SignsIn || c.installed == 0 {
				continue
			}
			q := url.Values{"id": {strconv.FormatInt(int64(c.installed), 10)}, "authentication": {way.ID}, sessionParameter: v.query[sessionParameter]}
			if way.Popup = !l.InlineOAuth; way.Popup {
				q.Set("popup", "true")
			} else {
				q.Set("returnUrl", f.Action)
			}
			if way.Popup && v.embed.Frames && e.overTLS(r) {
				link, err := e.services.SignIns.Invite(r.Context(), tandem.ConnectTicket, tandem.ConnectorSignIn{
					Partner: v.Who.Partner, Account: v.Who.Account, Connector: c.installed, Customer: true,
				}, connectLifetime)
				if err != nil {
					return err
				}
				q.Set("token", string(link.Token))
			}
			way.Begin = tandem.ConnectPath + "?" + q.Encode()
		}
	}
	return nil
}

// guest completes in by who comes with r: whose account it is, and whether a
// customer asks. A token is used up once all else is right.
//
// Errors: Gone, Unauthenticated, Forbidden, Invalid.
func (e *Embed) guest(r *http.Request, in tandem.ConnectorSignIn) (tandem.ConnectorSignIn, tandem.EmbedSettings, error) {
	ctx, token := r.Context(), tandem.Secret(r.URL.Query().Get("token"))
	if token == "" {
		v, err := e.visit(r)
		if err != nil {
			return in, tandem.EmbedSettings{}, err
		}
		in.Partner, in.Account, in.Customer = v.Who.Partner, v.Who.Account, true
		return in, v.embed, checkEnd(v.embed, in)
	}
	purpose := tandem.ConnectTicket
	t, made, err := e.services.SignIns.Look(ctx, purpose, token)
	if tandem.ErrorCode(err) == tandem.Gone {
		purpose = tandem.SignInTicket
		t, err = e.services.Tickets.Look(ctx, purpose, token)
		made = tandem.ConnectorSignIn{Connector: in.Connector, Customer: true}
	}
	if err == nil && made.Connector != in.Connector {
		err = errNoConnector
	}
	if err != nil {
		return in, tandem.EmbedSettings{}, err
	}
	in.Partner, in.Account, in.Customer = t.Partner, t.Account, made.Customer
	set, err := e.services.Settings.Get(ctx, t.Partner)
	if err == nil {
		err = checkEnd(set.Embed, in)
	}
	if err == nil {
		_, err = e.awake(ctx, t)
	}
	if err == nil {
		_, err = e.services.Tickets.Use(ctx, purpose, token)
	}
	return in, set.Embed, err
}

// awake is a ticket's account, if it is in service. Errors: Gone, Forbidden.
func (e *Embed) awake(ctx context.Context, t tandem.Ticket) (*tandem.Account, error) {
	a, err := e.services.Accounts.ByID(ctx, t.Partner, t.Account)
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return nil, errGone
	case err != nil:
		return nil, err
	case !a.Enabled:
		return nil, &tandem.Error{Code: tandem.Forbidden, Message: "The account is suspended."}
	}
	return a, nil
}

var errGone = &tandem.Error{Code: tandem.Gone, Message: "This link has been used already, or is too old. Ask for a new one."}

// checkEnd says whether a sign-in may end as it is asked to. Errors: Invalid.
func checkEnd(set tandem.EmbedSettings, in tandem.ConnectorSignIn) error {
	if in.TargetOrigin != "" && !slices.Contains(set.TargetOrigins, in.TargetOrigin) {
		return errTargetOrigin
	}
	if len(in.CallbackMessage) > maxCallbackMessage {
		return tandem.Invalidf("callbackMessage", "callbackMessage: at most %d bytes", maxCallbackMessage)
	}
	return nil
}

// connect sends the browser away.
func (e *Embed) connect(w http.ResponseWriter, r *http.Request, in tandem.ConnectorSignIn, set tandem.EmbedSettings) error {
	page, err := e.services.SignIns.Begin(r.Context(), in)
	if err != nil {
		return err
	}
	c := e.passing(r, connectCookieFor(page.State), string(page.Keep), connectAge)
	if set.Frames && c.Secure { // the sign-in may be in a frame
		c.SameSite, c.Partitioned = http.SameSiteNoneMode, true
	}
	http.SetCookie(w, c)
	http.Redirect(w, r, page.URL, http.StatusSeeOther)
	return nil
}

// finishConnect is where the browser comes back to from all third parties. Only
// the one that began gets anywhere.
func (e *Embed) finishConnect(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	a := tandem.ConnectorAnswer{
		State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss"), Error: q.Get("error"), Description: q.Get("error_description"),
	}
	if q.Has("oauth_token") || q.Has("denied") { // OAuth 1.0a
		a.State, a.Code = q.Get("oauth_token"), q.Get("oauth_verifier")
		if denied := q.Get("denied"); denied != "" {
			a.State, a.Error = denied, "access denied"
		}
	}
	name := connectCookieFor(a.State)
	a.Kept = e.kept(r, name)
	for _, partitioned := range []bool{false, true} { // whichever it was
		c := e.passing(r, name, "", -time.Second)
		if c.Partitioned = partitioned && c.Secure; c.Partitioned {
			c.SameSite = http.SameSiteNoneMode
		}
		http.SetCookie(w, c)
	}
	act := &tandem.Act{Name: "authenticateAccountConnector", Object: r.URL.Path, Address: tandem.NetworkAddress(r.RemoteAddr)}
	in, err := e.services.SignIns.Finish(tandem.WithAct(r.Context(), act), a)
	if err != nil {
		e.log.WarnContext(r.Context(), "sign-in to a third party failed", "account", in.Account, "account_connector", in.Connector, "error", err)
		e.refusedConnect(w, r, in, err)
		return
	}
	e.connected(w, r, in)
}

// ended is the page after a sign-in.
type ended struct {
	Message string   // that is posted; "": an empty text is
	Origins []string // to which
	Leave   string   // where the browser goes if there is nobody to tell; "": nowhere
	Close   bool     // the window
	Told    *told    // to the pages of ours that wait for it in other windows; nil: none does
	Back    string   // a page of ours to go to
}

// told is how a sign-in in a window of its own ended.
type told struct {
	Connector tandem.AccountConnectorID
	Problem   string // "": it worked
}

// connected ends a sign-in that worked.
func (e *Embed) connected(w http.ResponseWriter, r *http.Request, in tandem.ConnectorSignIn) {
	last := ended{Message: in.CallbackMessage}
	switch {
	case in.TargetOrigin != "":
		last.Origins, last.Leave = []string{in.TargetOrigin}, in.TargetOrigin
	case in.Popup:
		last.Message, last.Origins, last.Close = "connected", []string{e.ownOrigin(r)}, true
		last.Told = &told{Connector: in.Connector}
	case in.Return != "":
		http.Redirect(w, r, in.Return, http.StatusSeeOther)
		return
	default:
		last.Origins = []string{}
	}
	set, err := e.services.Settings.Get(r.Context(), in.Partner)
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	nonce := rand.Text()
	setPolicy(w.Header(), set.Embed.FrameAncestors(), nonce)
	e.show(w, r, nil, page{Name: "connected", Title: "Signed in", Body: last, nonce: nonce})
}

// refusedConnect ends one that did not, with a way back if there is one.
func (e *Embed) refusedConnect(w http.ResponseWriter, r *http.Request, in tandem.ConnectorSignIn, err error) {
	last, nonce := ended{Origins: []string{}}, ""
	if in.Popup {
		last.Told, nonce = &told{in.Connector, messageOf(err)}, rand.Text()
	} else {
		last.Back = in.Return
	}
	setPolicy(w.Header(), "*", nonce) // as for all that fails
	e.show(w, r, nil, page{Name: "connected", Title: "That did not work", Err: err, Body: last, nonce: nonce})
}

// ownOrigin is that of this service, as the browser sees it.
func (e *Embed) ownOrigin(r *http.Request) string {
	scheme := "http"
	if e.overTLS(r) {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: r.Host}).String()
}
