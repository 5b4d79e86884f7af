package api

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tandem-ipaas/tandem"
)

// Services are what the API makes available.
type Services struct {
	Gate         tandem.Gate
	SignOns      tandem.SignOns
	Sessions     tandem.Sessions
	ConsoleUsers tandem.ConsoleUsers
	Profile      tandem.Profile
	Clients      tandem.OAuthClients

	Replays           tandem.Replays
	Audit             tandem.Audit
	Identity          tandem.Identity
	Settings          tandem.Settings
	Accounts          tandem.Accounts
	AccountStates     tandem.AccountStates
	Users             tandem.Users
	Memberships       tandem.Memberships
	Access            tandem.UserAccess
	UserProfile       tandem.UserProfile
	Invitations       tandem.Invitations
	Deployments       tandem.Deployments
	Meter             tandem.Meter
	Overview          tandem.Overview
	Traffic           tandem.Traffic
	Library           tandem.Library
	CustomConnectors  tandem.CustomConnectors
	ConnectorReleases tandem.ConnectorReleases
	ConnectorMoves    tandem.ConnectorMoves
	Categories        tandem.Categories
	ConnectorImports  tandem.ConnectorImports
	ConnectorTrials   tandem.ConnectorTrials
	Connectors        tandem.AccountConnectors
	LibrarySettings   tandem.LibrarySettings
	SignIns           tandem.ConnectorSignIns
	Fields            tandem.CustomFields
	Demand            tandem.Demand
	Templates         tandem.Templates
	Releases          tandem.Releases
	Trials            tandem.TemplateTrials
	Files             tandem.TemplateFiles
	Offers            tandem.TemplateOffers
	Folders           tandem.Folders
	Marketplaces      tandem.Marketplaces
	Revisions         tandem.Revisions
	Cycles            tandem.Cycles
	Designs           tandem.CycleDesigns
	Rollouts          tandem.Rollouts
	Control           tandem.CycleControl
	Transactions      tandem.Transactions
	Repeats           tandem.Repeats
	RepeatJobs        tandem.RepeatJobs
	Notices           tandem.Notices
	Changes           tandem.Changes
	NoticeTrials      tandem.NoticeTrials
}

// Options are what may be set.
type Options struct {
	// URL is where clients reach the API, for the document; "" leaves it out.
	URL string
	// Session says who is signed in to the console, for requests without a
	// token. It must refuse requests that another origin made. Errors:
	// Unauthenticated (nobody is).
	Session func(*http.Request) (tandem.Principal, error)
	// MaxBody is the largest request body, in bytes; 0 is 8 MiB.
	MaxBody int64
	// Poll and Heartbeat are the beats of a live stream; 0: 1 s and 15 s.
	Poll, Heartbeat time.Duration
	// Closing ends live streams when it is closed.
	Closing <-chan struct{}
	// ClientRate and AccountRate are how many requests a client or person may
	// make a minute, and how many may be made in an account. 0: no limit.
	ClientRate, AccountRate int
	// FailureRate is how many wrong tokens, and wrong secrets of a client, one
	// network may bring a minute. 0: no limit.
	FailureRate int
	// ClientStreams and PartnerStreams are how many live streams a client or person,
	// and all of a partner, may have open. 0: no limit.
	ClientStreams, PartnerStreams int
}

func (o Options) withDefaults() Options {
	if o.Session == nil {
		o.Session = func(*http.Request) (tandem.Principal, error) { return tandem.Principal{}, errNoToken }
	}
	if o.MaxBody == 0 {
		o.MaxBody = 8 << 20
	}
	if o.Poll == 0 {
		o.Poll = time.Second
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 15 * time.Second
	}
	return o
}

// bodyTime is how long a body may take to arrive.
const bodyTime = time.Minute

// API is the handler of everything under /v1.0, /oauth and /docs.
type API struct {
	log      *slog.Logger
	services Services
	options  Options
	mux      mux
	paths    *segment
	document []byte
	page     []byte
	limits   limits
	streams  *streams
	presence *presence
	actions  actions
	changes  *watched[tandem.PartnerID, newest]
	moves    *watched[tandem.AccountID, tandem.Movement]
}

// New makes the API.
func New(log *slog.Logger, services Services, o Options) (*API, error) {
	a := &API{log: log, services: services, options: o.withDefaults(), limits: newLimits(o), streams: newStreams(o), presence: newPresence(), mux: newMux(), paths: &segment{}}
	a.changes, a.moves = newWatched[tandem.PartnerID, newest](), newWatched[tandem.AccountID, tandem.Movement]()
	a.actions = actionsOf(a.routes())
	h := humago.New(a.mux, a.config())
	for _, r := range a.routes() {
		op := a.operation(h, r)
		r.register(h, op)
		documented := documentedOperation(h.OpenAPI(), r.Route)
		illustrate(h.OpenAPI(), documented)
		if len(r.orders.by) > 0 {
			describeOrders(documented, r)
		}
		a.paths.add(r.Method, r.Path, queryNames(documented))
	}
	if err := a.publish(h.OpenAPI()); err != nil {
		return nil, err
	}
	return a, nil
}

// config is huma without what it would add of its own.
func (a *API) config() huma.Config {
	c := huma.DefaultConfig("Tandem", "1.0")
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil
	c.AllowAdditionalPropertiesByDefault = true
	c.FieldsOptionalByDefault = true
	c.Formats = map[string]huma.Format{jsonType: jsonFormat(), "json": jsonFormat()} // the second for anything+json
	c.Transformers = []huma.Transformer{a.reshape}
	return c
}

// operation describes a route to huma.
func (a *API) operation(h huma.API, r route) huma.Operation {
	op := huma.Operation{
		Method: r.Method, Path: r.Path, OperationID: r.ID, Summary: r.Summary, Tags: []string{tag(r.Path)},
		DefaultStatus: r.status, MaxBodyBytes: a.options.MaxBody, BodyReadTimeout: bodyTime,
		SkipValidateBody: true, // types read what they take, leniently
		Metadata:         map[string]any{ordersKey: r.orders.by},
		Middlewares:      huma.Middlewares{a.enter(r)},
	}
	describe(h.OpenAPI(), r, &op)
	return op
}
