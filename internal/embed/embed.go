package embed

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/dist"
)

// Partners tells whose customers come where an address does not say.
type Partners interface {
	// OnlyPartner errors: NotFound (there are several, or none).
	OnlyPartner(ctx context.Context) (tandem.PartnerID, error)
}

// Audit notes attempts that change nothing.
type Audit interface {
	Record(ctx context.Context, e tandem.AuditEntry, who tandem.Principal)
}

// Services are what the pages show and change.
type Services struct {
	Partners     Partners
	Audit        Audit
	Sessions     tandem.Sessions
	Tickets      tandem.Tickets
	Settings     tandem.Settings
	Accounts     tandem.Accounts
	Users        tandem.Users
	Memberships  tandem.Memberships
	Access       tandem.UserAccess
	Profile      tandem.UserProfile
	SignOns      tandem.SignOns
	Invitations  tandem.Invitations
	Library      tandem.Library
	Connectors   tandem.AccountConnectors
	SignIns      tandem.ConnectorSignIns
	Demand       tandem.Demand
	Templates    tandem.Templates
	Marketplaces tandem.Marketplaces
	Cycles       tandem.Cycles
	Control      tandem.CycleControl
}

// Options of [New]; the zero value works.
type Options struct {
	// Secure says that browsers come over TLS, which a proxy ends. Requests
	// that arrive over TLS are known as such anyway.
	Secure bool
}

// Embed serves the service domain.
type Embed struct {
	log      *slog.Logger
	services Services
	pages    pages
	screens  http.Handler // of an account's people: what was built of web/
	origin   *http.CrossOriginProtection
	secure   bool
	handler  http.Handler
}

// Paths are the patterns of an http.ServeMux for all that is served.
func Paths() []string {
	return []string{"/account/", "/account", tandem.LaunchPath, tandem.LaunchPath + "/", tandem.OrbitPath, tandem.OrbitPath + "/", tandem.MarketplacePath, "/connectorauth/"}
}

// New makes the service domain, whose screens are built.
//
// Errors: a page that does not parse.
func New(log *slog.Logger, services Services, built *dist.Files, o Options) (*Embed, error) {
	read, err := readPages()
	if err != nil {
		return nil, err
	}
	e := &Embed{log: log, services: services, pages: read, origin: http.NewCrossOriginProtection(), secure: o.Secure}
	e.screens = built.Handler(screenBase, "account.html")
	e.handler = e.guard(e.routes())
	return e, nil
}

// ServeHTTP implements http.Handler.
func (e *Embed) ServeHTTP(w http.ResponseWriter, r *http.Request) { e.handler.ServeHTTP(w, r) }

// routes are all pages. Those that need a session are behind in.
func (e *Embed) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+stylePath, serveStyle)

	mux.HandleFunc("GET /account/signinwithtoken", e.signInWithToken)
	for _, path := range []string{"/account/signin", "/account/signin/{partner}"} {
		mux.HandleFunc("GET "+path, e.showSignIn)
		mux.HandleFunc("POST "+path, e.signIn)
	}
	for _, path := range []string{"/account/reset", "/account/reset/{partner}"} {
		mux.HandleFunc("GET "+path, e.showReset)
		mux.HandleFunc("POST "+path, e.reset)
	}
	mux.HandleFunc("GET "+signOnPath, e.beginSignOn)
	mux.HandleFunc("GET "+signOnPath+"/{partner}", e.beginSignOn)
	mux.HandleFunc("GET "+signOnPath+"/callback", e.finishSignOn)
	mux.HandleFunc("GET "+choicePath, e.showChoice)
	mux.HandleFunc("POST "+choicePath, e.choose)
	mux.HandleFunc("GET /account/invitation", e.showInvitation)
	mux.HandleFunc("POST /account/invitation", e.acceptInvitation)
	mux.HandleFunc("GET /account/email", e.showEmail)
	mux.HandleFunc("POST /account/email", e.confirmEmail)

	mux.HandleFunc("GET "+tandem.ConnectPath, e.startConnect)
	mux.HandleFunc("GET "+tandem.ConnectCallbackPath, e.finishConnect)
	mux.HandleFunc("GET "+tandem.ConnectorSetupPath, e.showConnectorSetup)
	mux.HandleFunc("POST "+tandem.ConnectorSetupPath, e.setUpConnector)
	mux.HandleFunc("GET "+tandem.ConnectorSetupPath+"/signin", e.connectBySetup)

	mux.HandleFunc("GET /account", e.showHome)
	mux.Handle("GET "+screenBase+"assets/", e.screens)
	mux.Handle("GET "+screenBase+"scheme.js", e.screens)
	mux.HandleFunc("GET "+screenBase+"{visit}/", e.showScreen)
	mux.HandleFunc("GET /account/session", e.in("showSession", e.showSession))
	mux.HandleFunc("POST /account/signout", e.in("signOut", e.signOut))
	mux.HandleFunc("POST /account/switch", e.in("switchAccount", e.switchAccount))
	mux.HandleFunc("GET "+profilePath, e.in("showProfile", e.showProfile))
	mux.HandleFunc("POST "+profilePath+"/name", e.in("updateOwnUser", e.rename))
	mux.HandleFunc("POST "+profilePath+"/password", e.in("updateOwnUser", e.changePassword))
	mux.HandleFunc("POST "+profilePath+"/sessions/{session}/end", e.in("revokeSession", e.endSession))
	mux.HandleFunc("POST /account/newemail", e.in("requestEmail", e.requestEmail))

	mux.HandleFunc("GET /launch", e.in("showLaunch", e.showLaunch))
	mux.HandleFunc("GET /launch/{template}", e.in("showTemplate", e.showTemplate))
	mux.HandleFunc("POST /launch/{template}", e.in("installTemplate", e.installTemplate))
	mux.HandleFunc("GET /launch/cycle/{cycle}", e.in("showCycle", e.showCycle))
	mux.HandleFunc("POST /launch/cycle/{cycle}", e.in("setUpCycle", e.setUpCycle))
	mux.HandleFunc("GET /launch/complete/{cycle}", e.in("showLaunched", e.showLaunched))

	mux.HandleFunc("GET /orbit", e.in("showOrbit", e.showOrbit))
	mux.HandleFunc("POST /orbit/{cycle}/{action}", e.in("changeCycle", e.changeCycle))

	mux.HandleFunc("GET /marketplace/{marketplace}", e.in("showMarketplace", e.showMarketplace))
	mux.HandleFunc("GET /marketplace/{marketplace}/{package}", e.in("showPackage", e.showPackage))
	mux.HandleFunc("POST /marketplace/{marketplace}/{package}", e.in("installPackage", e.installPackage))
	mux.HandleFunc("GET /marketplace/{marketplace}/{package}/complete", e.in("showInstalled", e.showInstalled))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		e.fail(w, r, nil, errNoPage)
	})
	return mux
}

var errNoPage = tandem.NotFoundf("There is no such page.")

// guard sets the headers of every answer, and refuses what other origins send.
func (e *Embed) guard(next http.Handler) http.Handler {
	checked := e.origin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		setPolicy(h, "'none'", "")
		if r.Body != nil {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		}
		checked.ServeHTTP(w, r)
	})
}

// maxForm is how many bytes a form may have.
const maxForm = 1 << 20

// setScreenPolicy lets the built pages run as the console's do, in the frames of
// ancestors, and say to this origin alone which of them asks.
func setScreenPolicy(h http.Header, ancestors string) {
	setPolicy(h, ancestors, "")
	h.Set("Content-Security-Policy", h.Get("Content-Security-Policy")+"; script-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'")
	h.Set("Referrer-Policy", "same-origin")
}

// setPolicy says who may show the answer in a frame, and by which nonce a script
// may run; "" lets none.
func setPolicy(h http.Header, ancestors, nonce string) {
	policy := "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors " + ancestors
	if nonce != "" {
		policy += "; script-src 'nonce-" + nonce + "'"
	}
	h.Set("Content-Security-Policy", policy)
	if ancestors == "'none'" {
		h.Set("X-Frame-Options", "DENY")
	} else {
		h.Del("X-Frame-Options") // it cannot name hosts
	}
}

func (e *Embed) overTLS(r *http.Request) bool { return e.secure || r.TLS != nil }
