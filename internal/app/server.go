package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/docs"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/console"
	"github.com/tandem-ipaas/tandem/internal/dist"
	"github.com/tandem-ipaas/tandem/internal/embed"
	"github.com/tandem-ipaas/tandem/internal/manual"
	"github.com/tandem-ipaas/tandem/internal/outage"
	"github.com/tandem-ipaas/tandem/internal/trigger"
	"github.com/tandem-ipaas/tandem/web"
)

// Limits on who connects.
const (
	headerTime = 10 * time.Second // for a request's headers
	bodyTime   = time.Minute      // for its body, from when the headers were there
	answerTime = 5 * time.Minute  // for all of a request, but a live stream
	idleTime   = 2 * time.Minute  // between requests
	stopTime   = 15 * time.Second // for requests under way at the end
)

// routes says which room answers what.
func (a *App) routes() (http.Handler, error) {
	v := &a.Services
	built, err := dist.Read(web.Dist())
	if err != nil {
		return nil, err
	}
	pages := console.New(a.log, console.Services{
		Sessions: v.Sessions, Entrance: a.entrance, Users: v.ConsoleUsers, Gate: v.Gate, SignOns: v.SignOns, Audit: v.Audit, Settings: v.Settings, Partners: a.store,
	}, built, console.Options{Secure: a.overTLS()})
	screens, err := a.embedded(built)
	if err != nil {
		return nil, err
	}
	rest, err := api.New(a.log, a.Services, api.Options{
		URL: a.cfg.APIURL, Session: browsers(pages, screens), Closing: a.closing,
		ClientRate: a.cfg.APIRateClient, AccountRate: a.cfg.APIRateAccount, FailureRate: a.cfg.APIRateFailures,
		ClientStreams: a.cfg.APIStreamsClient, PartnerStreams: a.cfg.APIStreamsPartner,
	})
	if err != nil {
		return nil, err
	}
	m := a.metrics
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", a.alive)
	mux.HandleFunc("GET /readyz", a.ready)
	if a.cfg.MetricsToken != "" {
		mux.Handle("GET /metrics", bearer(a.cfg.MetricsToken, m.handler()))
	}
	mux.Handle(trigger.Path, a.forRole(RoleAPI, m.count("webhook", a.intake)))
	for _, path := range embed.Paths() {
		mux.Handle(path, a.forRole(RoleConsole, m.count("embed", screens)))
	}
	mux.Handle("GET "+manual.Base, a.forRole(RoleConsole, m.count("manual", manual.New(a.log, docs.Files))))
	mux.Handle("/", a.forRole(RoleConsole, m.count("console", pages.Handler())))
	counted := a.forRole(RoleAPI, m.count("api", rest))
	rooms := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The API matches paths without regard to case, ServeMux cannot.
		if isAPI(r.URL.Path) {
			counted.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
	return fromClients(withBaseline(rooms, a.overTLS()), a.cfg.TrustedProxies), nil
}

func isAPI(path string) bool {
	for _, p := range []string{"/v1.0/", "/oauth/", "/docs/index", "/docs/reference.js"} {
		if len(path) >= len(p) && strings.EqualFold(path[:len(p)], p) {
			return true
		}
	}
	return false
}

// serveMetrics answers /metrics on an address of its own.
func (a *App) serveMetrics(ctx context.Context) error {
	l, err := net.Listen("tcp", a.cfg.MetricsListen)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", a.metrics.handler())
	return serve(ctx, a.log, l, mux, func() {})
}

// serve answers requests until ctx is done, and lets those under way end.
func (a *App) serve(ctx context.Context) error {
	a.log.InfoContext(ctx, "serving", "address", a.listener.Addr().String(), "api_url", a.cfg.APIURL, "service_url", a.cfg.ServiceURL, "roles", a.cfg.roles())
	return serve(a.drained(ctx), a.log, a.listener, a.handler, func() { close(a.closing) })
}

func serve(ctx context.Context, log *slog.Logger, l net.Listener, h http.Handler, ending func()) error {
	s := &http.Server{Handler: patient(h, bodyTime), ReadHeaderTimeout: headerTime, WriteTimeout: answerTime, IdleTimeout: idleTime}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(listener{l, outage.New(log, "accept connections")}) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ending()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := s.Shutdown(end); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return s.Close()
}

// patient bounds the time that a request's body may take, also where it is read
// by the server itself after an answer that did not ask for it. When the body is
// there, the bound goes: a handler may take longer than its client took to ask,
// and the server notices a client that leaves by reading on.
func patient(next http.Handler, limit time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody {
			c := http.NewResponseController(w)
			if err := c.SetReadDeadline(time.Now().Add(limit)); err == nil {
				r.Body = &timedBody{r.Body, c}
			}
		}
		next.ServeHTTP(w, r)
	})
}

// timedBody lifts the deadline once it is read to its end.
type timedBody struct {
	io.ReadCloser
	connection *http.ResponseController
}

// Read implements io.Reader.
func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = b.connection.SetReadDeadline(time.Time{}) // worked before
	}
	return n, err
}
