package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/examples/templates"
	"github.com/tandem-ipaas/tandem/internal/app"
	"github.com/tandem-ipaas/tandem/internal/demo"
)

// The sample applications' secrets, which must be found nowhere afterwards.
const (
	crmKey          = "crm-key-7b1f4c"
	mailingUser     = "acme"
	mailingPassword = "mailing-password-9d2e"
)

type demoCommand struct {
	Data   string `default:".demo" env:"TANDEM_DEMO_DATA" help:"Folder of the demo; emptied at the start." placeholder:"DIR"`
	Listen string `default:"127.0.0.1:8080" help:"Address to listen on; a free port if it is taken."`
	Once   bool   `help:"End after the run, with 1 if a subscriber is missing."`
}

// Run starts the sample applications and a server, and plays the story.
func (c *demoCommand) Run(ctx context.Context, to output) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	log, err := c.prepare()
	if err != nil {
		return err
	}
	defer log.Close()
	samples, err := startSamples(ctx, log)
	if err != nil {
		return err
	}
	defer samples.stop()
	server, err := app.New(ctx, slog.New(slog.NewJSONHandler(log, nil)), app.Config{
		Data: filepath.Join(c.Data, "data"), Listen: c.address(), EgressAllow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	})
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	err = c.play(ctx, to, server, samples)
	if err == nil && !c.Once {
		<-ctx.Done()
	}
	stop()
	return errors.Join(err, <-ended)
}

// play sets the stage, tells the story, and says how to go on.
func (c *demoCommand) play(ctx context.Context, to output, server *app.App, s *samples) error {
	keys, err := server.Setup(ctx, "Acme Software", "sam@acme.example")
	if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "Tandem listens on %s; the CRM on %s, the mailing lists on %s.\n\n", server.URL(), s.crm, s.mailing)
	err = demo.Run(ctx, demo.Stage{
		Tandem: client.New(server.URL(), keys.ClientID, tandem.Secret(keys.ClientSecret)),
		CRM:    demo.Application{URL: s.crm, AuthValue: crmKey, Header: http.Header{"X-Api-Key": {crmKey}}},
		Mailing: demo.Application{
			URL: s.mailing, AuthValue: basic(mailingUser, mailingPassword),
			Header: http.Header{"Authorization": {"Basic " + basic(mailingUser, mailingPassword)}},
		},
		Templates: templates.Files,
		Out:       to.out,
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(to.out, demoOutro, server.URL(), keys.Email, keys.Password, keys.ClientID, keys.ClientSecret, s.crm, crmKey,
		s.mailing, mailingUser, mailingPassword)
	return nil
}

const demoOutro = `
Look at it in the console:
  %[1]s
  %[2]s
  %[3]s

Build it yourself there, in ten minutes, as %[1]s/docs/first-template says. The two applications:
  Bookshelf CRM  %[6]s  API key: %[7]s
  Postbag        %[8]s  User name: %[9]s  Password: %[10]s

Or try:
  TOKEN=$(curl -s %[1]s/oauth/token -d grant_type=client_credentials -d client_id=%[4]s -d client_secret=%[5]s | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
  curl -s %[1]s/v1.0/cycles/transactions -H "Authorization: Bearer $TOKEN" -H 'X-Cyclr-Account: page-turner-books'
  curl -s %[6]s/api/contacts -H 'X-Api-Key: %[7]s' -d '{"first_name":"Mia","last_name":"Berg","email":"mia@example.com","consent":true}'

`

func basic(user, password string) string {
	return base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
}

// demoMark is the file by which a folder is known as the demo's own.
const demoMark = "tandem-demo"

// prepare empties the folder, if it is the demo's, and opens the log in it.
func (c *demoCommand) prepare() (*os.File, error) {
	entries, err := os.ReadDir(c.Data)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(c.Data, demoMark)); err != nil && len(entries) > 0 {
		return nil, fmt.Errorf("%s holds something else than an earlier demo: choose another folder with --data", c.Data)
	}
	if err := os.RemoveAll(c.Data); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(c.Data, demoMark), []byte("Made by tandem demo, which empties this folder at its start.\n"), 0o600); err != nil {
		return nil, err
	}
	return os.Create(filepath.Join(c.Data, "tandem.log"))
}

// address is where to listen: as asked, or on a free port if that is taken.
func (c *demoCommand) address() string {
	if l, err := net.Listen("tcp", c.Listen); err == nil {
		l.Close()
		return c.Listen
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return c.Listen // which is what is wrong with it
	}
	return net.JoinHostPort(host, "0")
}
