package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// Scope is who may call a route.
type Scope string

// The scopes: anybody; a principal of a partner that is not restricted to an
// account; any principal of a partner, who sees what is for accounts if it is
// restricted to one; a principal acting in an account.
const (
	Public  Scope = "public"
	Partner Scope = "partner"
	Shared  Scope = "shared"
	Account Scope = "account"
)

// Route is one line of the table.
type Route struct {
	Method  string
	Path    string // with {names}
	ID      string // operationId
	Summary string
	Scope   Scope
	Need    tandem.Need // of people
	Changes bool        // what it does goes into the audit log
}

// route is a Route with its handler.
type route struct {
	Route
	status   int
	register func(huma.API, huma.Operation)
	secret   map[string]bool // properties that are secrets by their type
	rows     reflect.Type    // of a table
	orders   orders          // of a list
}

// Routes is the table.
func (a *API) Routes() []Route {
	var all []Route
	for _, r := range a.routes() {
		all = append(all, r.Route)
	}
	return all
}

// binding is a handler, with the scope that its type asks for.
type binding struct {
	scope    Scope
	status   int
	register func(huma.API, huma.Operation)

	secret map[string]bool // properties that are secrets by their type

	rows          reflect.Type // of a table
	orders        orders       // of a list
	unlogged      bool         // it changes nothing of ours, whatever its method
	level         tandem.Level // more than usual
	everything    bool         // of console users, those who may do everything only
	administrator bool         // of account users, administrators only
	also          tandem.Area  // a second area; not for who is restricted to an account
	vendor        bool         // not for account users
	unrestricted  bool         // not for who is restricted to an account
	accountless   bool         // no account needs be named
}

// bind makes a route. Of people it needs the level that usually goes with its
// method: View to read, Manage to delete, else Edit.
func bind(method, path, id, summary string, b binding) route {
	level := map[string]tandem.Level{get: tandem.ViewLevel, remove: tandem.ManageLevel}[method]
	if level == tandem.NoLevel {
		level = tandem.EditLevel
	}
	need := tandem.Need{Level: max(level, b.level), Administrator: b.administrator, Everything: b.everything, Vendor: b.vendor, Also: b.also, Unrestricted: b.unrestricted || b.also != tandem.AnyArea, Accountless: b.accountless}
	return route{Route{Method: method, Path: path, ID: id, Summary: summary, Scope: b.scope, Need: need, Changes: method != get && !b.unlogged}, b.status, b.register, b.secret, b.rows, b.orders}
}

// in makes routes of an area.
func in(area tandem.Area, all ...route) []route {
	for i := range all {
		all[i].Need.Area = area
	}
	return all
}

// public is the binding of a handler that anybody may call.
func public[I, O any](handle func(context.Context, *I) (*O, error)) binding {
	return binding{scope: Public, status: http.StatusOK, secret: secretProperties(reflect.TypeFor[I]()), register: func(api huma.API, op huma.Operation) {
		huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
			out, err := handle(ctx, in)
			return out, fail(ctx, err)
		})
	}}
}

// partner is the binding of a handler at partner level.
func partner[I, O any](handle func(context.Context, tandem.PartnerID, *I) (*O, error)) binding {
	b := public(func(ctx context.Context, in *I) (*O, error) { return handle(ctx, callerOf(ctx).partner, in) })
	b.scope = Partner
	return b
}

// shared is the binding of a handler that reads what is the partner's for whoever
// may: those who are restricted to an account, too, as far as it is for accounts.
func shared[I, O any](handle func(context.Context, policy.Reader, *I) (*O, error)) binding {
	b := public(func(ctx context.Context, in *I) (*O, error) { return handle(ctx, callerOf(ctx).reader, in) })
	b.scope = Shared
	return b
}

// account is the binding of a handler at account level.
func account[I, O any](handle func(context.Context, policy.Place, *I) (*O, error)) binding {
	b := public(func(ctx context.Context, in *I) (*O, error) { return handle(ctx, callerOf(ctx).place, in) })
	b.scope = Account
	return b
}

// unlogged keeps a call that changes nothing of ours out of the audit log.
func unlogged(b binding) binding {
	b.unlogged = true
	return b
}

// table says that b answers with rows of type T: see tabular.
func table[T any](b binding) binding {
	b.rows = reflect.TypeFor[T]()
	return b
}

// ordered says in which orders the list of b may be wanted: by properties of its
// rows. Own is how it is without that.
func ordered(b binding, own string, by ...string) binding {
	b.orders = orders{own, by}
	return b
}

// created makes 201 the answer of b.
func created(b binding) binding {
	b.status = http.StatusCreated
	return b
}

// edit asks of console users for the Edit level.
func edit(b binding) binding {
	b.level = tandem.EditLevel
	return b
}

// manage asks of console users for the Manage level.
func manage(b binding) binding {
	b.level = tandem.ManageLevel
	return b
}

// everything asks of console users for all permissions: b gives what has them.
func everything(b binding) binding {
	b.everything = true
	return manage(b)
}

// administrator lets account users in only if they are administrators.
func administrator(b binding) binding {
	b.administrator = true
	return b
}

// across makes b act both in an account and on what is the partner's, in another
// area: it asks for rights in both.
func across(also tandem.Area, b binding) binding {
	b.also = also
	return b
}

// vendor keeps out account users.
func vendor(b binding) binding {
	b.vendor = true
	return b
}

// unrestricted keeps out who may act in one account only: b is about what is the
// partner's.
func unrestricted(b binding) binding {
	b.unrestricted = true
	return b
}

// accountless lets b be called without naming an account: it is at account level only
// because clients call it so.
func accountless(b binding) binding {
	b.accountless = true
	return b
}

// object is an answer of one JSON value.
type object[T any] struct{ Body T }

// one answers with v, unless err.
func one[T any](v T, err error) (*object[T], error) {
	if err != nil {
		return nil, err
	}
	return &object[T]{v}, nil
}

// list is an answer of one page of a list.
type list[T any] struct {
	TotalPages   int `header:"Total-Pages"`
	TotalRecords int `header:"Total-Records"`
	Body         []T
}

// page answers with a page, each row of it shown by show, unless err.
func page[T, V any](r tandem.PageRequest, p tandem.Page[T], err error, show func(*T) V) (*list[V], error) {
	if err != nil {
		return nil, err
	}
	l := &list[V]{TotalPages: (p.Total + r.Limit() - 1) / r.Limit(), TotalRecords: p.Total, Body: []V{}}
	for i := range p.Rows {
		l.Body = append(l.Body, show(&p.Rows[i]))
	}
	return l, nil
}

// sliced answers with a page of what is in memory whole, unless err.
func sliced[T any](r tandem.PageRequest, all []T, err error) (*list[T], error) {
	all, from := arranged(r, all), min(r.Offset(), len(all))
	return page(r, tandem.Page[T]{Total: len(all), Rows: all[from:min(from+r.Limit(), len(all))]}, err, same)
}

// whole answers with all there is, or a page of it if one is asked for, unless err.
func whole[T any](in Slicing, all []T, err error) (*list[T], error) {
	r := Paging(in).request()
	if err == nil && in.Page == 0 && in.PageSize == 0 {
		return &list[T]{TotalPages: min(len(all), 1), TotalRecords: len(all), Body: list0(arranged(r, all))}, nil
	}
	return sliced(r, all, err)
}

// same shows a row as it is.
func same[T any](v *T) T { return *v }

// empty is an answer without a body.
type empty struct{}

// done answers with nothing, unless err.
func done(err error) (*empty, error) {
	if err != nil {
		return nil, err
	}
	return &empty{}, nil
}
