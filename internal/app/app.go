package app

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connectors"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/audit"
	"github.com/tandem-ipaas/tandem/internal/catalog"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/cycle"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/identity"
	"github.com/tandem-ipaas/tandem/internal/lifecycle"
	"github.com/tandem-ipaas/tandem/internal/notice"
	"github.com/tandem-ipaas/tandem/internal/notify"
	"github.com/tandem-ipaas/tandem/internal/password"
	"github.com/tandem-ipaas/tandem/internal/repeat"
	"github.com/tandem-ipaas/tandem/internal/replay"
	"github.com/tandem-ipaas/tandem/internal/rollout"
	"github.com/tandem-ipaas/tandem/internal/run"
	"github.com/tandem-ipaas/tandem/internal/script"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/tenant"
	"github.com/tandem-ipaas/tandem/internal/traffic"
	"github.com/tandem-ipaas/tandem/internal/trigger"
	"github.com/tandem-ipaas/tandem/internal/usage"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// App is an installation, opened: its services can be called. Run makes it
// serve.
type App struct {
	log *slog.Logger
	cfg Config

	roots    *x509.CertPool // nil: the system's
	store    *store.Store
	vault    *vault.Vault
	egress   *egress.Client
	scripts  *script.Pool
	engine   engine.Engine
	runner   *run.Runner
	intake   *trigger.Intake
	timers   *trigger.Timers
	barriers *trigger.Barriers
	cycles   *cycle.Cycles
	mailer   *notify.Mailer
	teller   *notice.Teller
	notices  *notice.Sender
	rollouts *rollout.Worker
	repeats  *repeat.Worker
	audit    *audit.Log
	traffic  *traffic.Log
	listener net.Listener // nil: does not listen
	handler  http.Handler
	closing  chan struct{} // closed when serving ends
	leaving  atomic.Bool   // soon to end: others should be asked
	metrics  *metrics

	limits   tandem.Limits
	entrance tandem.Entrance

	api.Services
	Tickets tandem.Tickets
}

// New opens the installation that c describes, makes it if there is none, and
// takes the address to listen on.
func New(ctx context.Context, log *slog.Logger, c Config) (_ *App, err error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	roots, err := c.roots()
	if err != nil {
		return nil, err
	}
	blobs, err := c.Blobs.open("blobs", roots)
	if err != nil {
		return nil, err
	}
	files, err := c.Files.open("files", roots)
	if err != nil {
		return nil, err
	}
	a := &App{log: log, cfg: c, roots: roots, closing: make(chan struct{}), metrics: newMetrics()}
	defer func() {
		if err != nil {
			err = a.Close(err)
		}
	}()
	if err := a.listen(); err != nil {
		return a, err
	}
	if a.store, err = store.OpenWith(ctx, c.Database, c.Data, store.Options{Log: log}); err != nil {
		return a, err
	}
	if a.vault, err = a.unlock(ctx); err != nil {
		return a, err
	}
	a.store.KeepAudit(a.vault)
	a.store.KeepBlobs(blobs)
	a.store.KeepFiles(files)
	if err := a.assemble(ctx); err != nil {
		return a, err
	}
	a.handler, err = a.routes()
	return a, err
}

// listen takes the address, so that URLs made of it are known.
func (a *App) listen() (err error) {
	if a.cfg.Listen == "" {
		return nil
	}
	if a.listener, err = net.Listen("tcp", a.cfg.Listen); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if a.cfg.APIURL == "" {
		a.cfg.APIURL = "http://" + a.listener.Addr().String()
	}
	if a.cfg.ServiceURL == "" {
		a.cfg.ServiceURL = a.cfg.APIURL
	}
	return nil
}

// URL is where the installation is reached.
func (a *App) URL() string { return a.cfg.APIURL }

// keyCheck is the setting by which a wrong master key is known.
const keyCheck = "master key check"

// unlock opens the vault with the master key that this database was begun with.
func (a *App) unlock(ctx context.Context) (*vault.Vault, error) {
	check, err := a.store.Setting(ctx, keyCheck)
	if err != nil {
		return nil, err
	}
	v, err := vault.Unlock(vault.Source{Value: a.cfg.MasterKey, Command: a.cfg.MasterKeyCommand, Path: filepath.Join(a.cfg.Data, "master.key")}, check)
	if err != nil {
		return nil, err
	}
	if check != nil {
		stage, _, _, err := a.stage(ctx, v)
		if err == nil && stage == vault.Backwards {
			err = errReplaced
		}
		return v, err
	}
	if check, err = v.Check(); err != nil {
		return nil, err
	}
	if check, err = a.store.InitSetting(ctx, keyCheck, check); err != nil {
		return nil, err
	}
	return v, v.Verify(check) // another node may have been first
}

// assemble makes the services and the engine. Cycles and engine need each
// other: the engine is told to hold a cycle's transactions, the interpreter
// asks for plans.
func (a *App) assemble(ctx context.Context) error {
	hasher, err := password.New()
	if err != nil {
		return err
	}
	checks := newSyntax()
	library, err := catalog.Load(ctx, a.store, checks.check, a.libraries()...)
	if err != nil {
		return err
	}
	if a.engine, err = a.newEngine(ctx); err != nil {
		return err
	}
	a.egress = egress.New(egress.Options{Allow: a.cfg.EgressAllow, Roots: a.roots})
	a.scripts = script.NewPool(a.log, script.Options{})
	checks.parser = a.scripts
	var calls *callout
	connections := connection.New(a.log, a.store, a.store, a.vault, library, connection.NewSettings(a.store, a.vault), a.egress.HTTP(), connection.Options{
		Shared: a.shared(), Scripts: a.scripts,
		Authenticated: func(ctx context.Context, account tandem.AccountID, id tandem.AccountConnectorID) error {
			return calls.introductions.AfterAuthenticate(ctx, account, id)
		},
	})
	calls = a.newCallout(connections)
	a.cycles = cycle.New(a.log, a.store, a.store, a.store, library, connections, signals{a.engine}, calls, a.cfg.ServiceURL, cycle.Options{
		Changed: a.changed, Scripts: inlineScripts{a.scripts}, KeepSecret: hookSecrets{a.store, a.vault}.keep,
	})
	a.traffic = traffic.New(a.log, a.store)
	a.intake = a.newIntake(connections, calls)
	a.timers = trigger.NewTimers(a.log, a.store, a.engine, startByTimer, trigger.TimersOptions{RanOnce: a.cycles.Settle})
	a.barriers = trigger.NewBarriers(a.log, a.store, a.engine, run.BarrierStart, trigger.BarriersOptions{})
	a.runner = run.New(a.log, plans{a.cycles}, a.store, calls, a.cycles, run.Options{Scripts: inlineScripts{a.scripts}, Arrived: a.barriers.Wake, Answered: a.intake.Answered})

	mail, err := a.cfg.mailServer()
	if err != nil {
		return err
	}
	a.mailer = notify.New(a.log, a.store, a.vault, mail, notify.Options{Roots: a.roots})

	a.audit = audit.New(a.log, a.store)
	settings := tenant.NewSettings(a.store)
	a.limits = tenant.NewLimits(a.store, settings)
	a.Services = api.Services{
		Audit: a.audit, Settings: settings, Replays: replay.New(a.store, a.vault, replay.Options{}),
		Meter: usage.New(a.store, a.store), Overview: usage.NewOverview(a.store, settings), Traffic: a.traffic, Revisions: a.store, Changes: a.store, Cycles: a.cycles, Control: a.cycles, Transactions: a.store.Transactions(),
	}
	repeater := run.NewRepeater(a.engine, plans{a.cycles}, a.cycles, a.store, a.store.Transactions())
	a.repeats = repeat.NewWorker(a.log, a.store, repeater)
	a.Repeats, a.RepeatJobs = repeater, repeat.New(a.store, repeater, a.repeats.Wake)
	a.provideNotices(settings)
	a.Tickets = identity.NewTickets(a.store)
	a.provideConsole(hasher)
	a.provideUsers(hasher)
	a.provideConnectors(library, connections, calls)
	a.provideTemplates(library, connections)
	return nil
}

// libraries are the folders of connectors: ours, then the operator's.
func (a *App) libraries() []fs.FS {
	all := []fs.FS{connectors.Files}
	for _, dir := range a.cfg.Connectors {
		all = append(all, os.DirFS(dir))
	}
	return all
}

// changed is told of every cycle that was started or stopped.
func (a *App) changed(account tandem.AccountID, c tandem.CycleID) {
	a.intake.Forget(account, c)
	a.timers.Wake()
	a.barriers.Wake()
}

// Setup makes a partner with one console user and one OAuth client.
//
// Errors: Invalid (no name, bad email).
func (a *App) Setup(ctx context.Context, partner, email string) (tandem.NewPartner, error) {
	return a.Identity.Setup(ctx, partner, email)
}

// Run serves until ctx is done, then stops gracefully and closes.
//
// Errors: Conflict (the installation is being moved to another database).
func (a *App) Run(ctx context.Context) error {
	if err := a.enter(ctx); err != nil && ctx.Err() == nil {
		return a.Close(err)
	}
	return a.Close(lifecycle.Run(ctx, a.log, a.components(), lifecycle.Options{StopTimeout: lifecycle.StopTimeout + a.cfg.Drain}))
}

// Close closes what is open, and returns err with what went wrong in doing so.
func (a *App) Close(err error) error {
	if a.listener != nil {
		if e := a.listener.Close(); !errors.Is(e, net.ErrClosed) {
			err = errors.Join(err, e)
		}
	}
	if a.scripts != nil {
		err = errors.Join(err, a.scripts.Close())
	}
	if a.egress != nil {
		a.egress.Close()
	}
	if a.store != nil {
		err = errors.Join(err, a.store.Close())
	}
	return err
}
