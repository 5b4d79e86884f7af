package console

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/dist"
)

// Base is the path under which the console lives.
const Base = "/console/"

// Options of a Console; the zero value works.
type Options struct {
	// Secure marks the cookie Secure on every request: for a server behind a
	// proxy that ends TLS. Requests that arrive over TLS get it anyway.
	Secure bool
}

// Services are what the console asks.
type Services struct {
	Sessions tandem.Sessions
	Entrance tandem.Entrance
	Users    tandem.ConsoleUsers
	Gate     tandem.Gate
	SignOns  tandem.SignOns
	Audit    tandem.Audit
	Settings tandem.Settings
	Partners Partners
}

// Partners tells whose console it is before anybody is signed in.
type Partners interface {
	// OnlyPartner errors: NotFound (there are several, or none).
	OnlyPartner(ctx context.Context) (tandem.PartnerID, error)
}

// Console serves the console's pages and sessions.
type Console struct {
	log      *slog.Logger
	services Services
	pages    *dist.Files
	origin   *http.CrossOriginProtection
	secure   bool
}

// page is the file that the console is.
const page = "index.html"

// New makes a console that asks services who may sign in, and serves the built
// pages.
func New(log *slog.Logger, services Services, pages *dist.Files, o Options) *Console {
	return &Console{
		log: log, services: services, pages: pages, origin: http.NewCrossOriginProtection(), secure: o.Secure,
	}
}

// Handler serves "/console/…" and sends "/" and "/console" there.
func (c *Console) Handler() http.Handler {
	mux := http.NewServeMux()
	toBase := http.RedirectHandler(Base, http.StatusFound)
	mux.Handle("GET /{$}", toBase)
	mux.Handle("GET /console", toBase)
	mux.Handle("GET "+Base, c.pages.Handler(Base, page))
	mux.HandleFunc("POST "+sessionPath, acting("signIn", c.signIn))
	mux.HandleFunc("GET "+sessionPath, c.whoami)
	mux.HandleFunc("DELETE "+sessionPath, acting("signOut", c.signOut))
	mux.HandleFunc("GET "+Base+"appearance", c.appearance)
	mux.HandleFunc("POST "+sessionPath+"/code", acting("signIn", c.confirm))
	mux.HandleFunc("POST "+sessionPath+"/factor", c.enrol)
	mux.HandleFunc("POST "+Base+"invitation", c.invitation)
	mux.HandleFunc("POST "+Base+"invitation/accept", acting("acceptInvitation", c.accept))
	mux.HandleFunc("POST "+Base+"password/forgot", c.forgot)
	mux.HandleFunc("POST "+Base+"password/reset", acting("resetPassword", c.reset))
	mux.HandleFunc("POST "+signOnPath, c.beginSignOn)
	mux.HandleFunc("GET "+signOnPath+"/callback", acting("signIn", c.finishSignOn))
	return c.guard(c.origin.Handler(mux))
}

// contentPolicy allows the console's own files and nothing inline. Images may
// be data: URLs, which is how the API gives connectors' icons.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func (c *Console) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		next.ServeHTTP(w, r)
	})
}

func (c *Console) overTLS(r *http.Request) bool { return c.secure || r.TLS != nil }

// answer writes v as JSON; a session's answer is for nobody to keep.
func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone if this fails
}

// refuse answers with an error in the API's shape, and logs it if it is ours.
func (c *Console) refuse(w http.ResponseWriter, r *http.Request, err error) {
	err = tandem.Told(err)
	code := tandem.ErrorCode(err)
	message := "Something went wrong. Try again."
	var e *tandem.Error
	if errors.As(err, &e) && code != tandem.Internal {
		message = e.Message
		e.Postpone(w.Header())
	} else {
		c.log.ErrorContext(r.Context(), "console request failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	c.witness(r.Context(), code, message)
	answer(w, code.Status(), struct{ Message string }{message})
}

// none answers with nothing.
func none(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
}
