package api

import (
	"cmp"
	"context"
	"errors"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// accountHeaders name the account to act in.
var accountHeaders = []string{"X-Cyclr-Account", "X-Tandem-Account"}

// caller is who makes a request, as far as its route lets it act.
type caller struct {
	partner tandem.PartnerID // at partner level
	reader  policy.Reader    // of what is shared
	place   policy.Place     // at account level
}

type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// enter lets in who may call the route, before anything else is read.
func (a *API) enter(r route) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		req, w := humago.Unwrap(ctx)
		record := recordOf(req.Context())
		record.route = r.Route
		c, err := a.admit(req, r.Route)
		if record.who.Partner != 0 {
			err = cmp.Or(a.limits.count(w.Header(), record.who, max(c.place.Account, c.reader.Account)), err)
		}
		if err == nil {
			err = checkType(ctx)
		}
		act := actOf(req, r, c)
		record.act = act
		defer a.witness(req.Context(), act, record)
		if err == nil {
			err = a.once(w, req, c, act, func(on context.Context) {
				next(exchange{huma.WithContext(ctx, tandem.WithAct(context.WithValue(on, callerKey{}, c), act)), act, r.secret})
			})
		}
		if err != nil {
			record.err = err
			refuse(w, err)
		}
	}
}

// admit finds who makes a request, and whether they may call the route.
func (a *API) admit(r *http.Request, to Route) (c caller, err error) {
	if to.Scope == Public {
		return c, nil
	}
	who, err := a.authenticate(r)
	if err != nil {
		return c, err
	}
	record := recordOf(r.Context())
	record.who = who
	if err := a.services.Gate.Check(r.Context(), who, tandem.NetworkAddress(r.RemoteAddr)); err != nil {
		return c, err
	}
	switch to.Scope {
	case Partner:
		c.partner, err = policy.Partner(who, to.Need)
		return c, err
	case Shared:
		c.reader, err = policy.Shared(who, to.Need)
		return c, err
	case Public, Account:
	}
	var named []string
	for _, h := range accountHeaders {
		named = append(named, r.Header.Values(h)...)
	}
	c.place, err = policy.Account(r.Context(), a.services.Accounts, who, to.Need, named)
	record.place = c.place.Account
	return c, err
}

var errNoToken = &tandem.Error{Code: tandem.Unauthenticated, Message: "Authorization has been denied for this request."}

// authenticate takes a bearer token, or else the console's session.
func (a *API) authenticate(r *http.Request) (tandem.Principal, error) {
	given := r.Header.Get("Authorization")
	if given == "" {
		who, err := a.options.Session(r)
		if tandem.ErrorCode(err) == tandem.Unauthenticated {
			err = errNoToken
		}
		return who, err
	}
	scheme, token, _ := strings.Cut(given, " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return tandem.Principal{}, errNoToken
	}
	who, err := a.services.Identity.Authenticate(r.Context(), tandem.Secret(token))
	if tandem.ErrorCode(err) == tandem.Unauthenticated {
		err = a.limits.wrongToken(tandem.NetworkAddress(r.RemoteAddr), err)
	}
	return who, err
}

// checkType refuses a body of another type than the operation takes. A body
// without a type is taken for the right one, and one that is empty has none.
func checkType(ctx huma.Context) error {
	body, given := ctx.Operation().RequestBody, ctx.Header("Content-Type")
	if req, _ := humago.Unwrap(ctx); body == nil || given == "" || req.ContentLength == 0 {
		return nil
	}
	kind, err := mediaType(given)
	if err != nil || body.Content[kind] == nil {
		return &tandem.Error{Code: tandem.Unsupported, Message: "The request entity's media type '" + given + "' is not supported for this resource."}
	}
	return nil
}

// mediaType is a content type in lower case, without parameters; an old name of
// JSON is JSON, and so is what is built on it, as generated clients call it.
func mediaType(given string) (string, error) {
	kind, _, err := mime.ParseMediaType(given)
	if errors.Is(err, mime.ErrInvalidMediaParameter) {
		err = nil
	}
	if kind == "text/json" || strings.HasSuffix(kind, "+json") {
		kind = jsonType
	}
	return kind, err
}

// by is who makes a request.
func by(ctx context.Context) tandem.Principal {
	if act := tandem.ActOf(ctx); act != nil {
		return act.Who
	}
	return tandem.Principal{}
}

// whence is the network address that a request comes from.
func whence(ctx context.Context) string {
	if act := tandem.ActOf(ctx); act != nil {
		return act.Address
	}
	return ""
}
