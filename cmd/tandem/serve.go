package main

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/app"
	"github.com/tandem-ipaas/tandem/internal/bucket"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// storage is where a command's data is; serve and init share it.
type storage struct {
	Data     string `default:"data" env:"TANDEM_DATA" help:"Folder for the database, blobs and, unless TANDEM_MASTER_KEY gives it in base64, the master key."`
	Database string `env:"TANDEM_DATABASE" help:"PostgreSQL, for many nodes; SQLite in the data folder if left out." placeholder:"URL"`

	blobs
	Files string `env:"TANDEM_FILES" help:"S3-compatible storage for the files of steps, as --blobs, of which it is apart: another bucket, or another prefix." placeholder:"URL"`

	MasterKeyCommand string `env:"TANDEM_MASTER_KEY_COMMAND" help:"Program that prints the master key in base64, such as one that asks a key store. It is run without a shell." placeholder:"COMMAND"`
}

// config takes the master key from the environment alone: whoever lists
// processes sees their flags.
func (s storage) config() app.Config {
	return app.Config{Data: s.Data, Database: s.Database, MasterKey: tandem.Secret(os.Getenv(vault.Env)), MasterKeyCommand: s.MasterKeyCommand, Blobs: s.blobs.config(), Files: inBucket(s.Files)}
}

// blobs is where long step data is; migrate has it too.
type blobs struct {
	Blobs string `env:"TANDEM_BLOBS" help:"S3-compatible storage for step data that is too long for a row, such as s3://bucket/prefix?region=eu-west-1, with &endpoint=https://… where it is not Amazon's. AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY give the key." placeholder:"URL"`
}

func (b blobs) config() app.Blobs { return inBucket(b.Blobs) }

// inBucket takes the key from the environment alone.
func inBucket(url string) app.Blobs {
	return app.Blobs{URL: url, Key: bucket.Key{
		ID: os.Getenv("AWS_ACCESS_KEY_ID"), Secret: tandem.Secret(os.Getenv("AWS_SECRET_ACCESS_KEY")), Token: tandem.Secret(os.Getenv("AWS_SESSION_TOKEN")),
	}}
}

type serveCommand struct {
	storage
	Roles             []string       `env:"TANDEM_ROLES" help:"PostgreSQL: what this node does: api (the REST API and webhooks), console (also the embedded screens), worker; all if left out." placeholder:"ROLE"`
	Drain             *time.Duration `env:"TANDEM_DRAIN" help:"For how long, when it is told to stop, a node is not ready and still answers, so that the proxy in front notices; 5s on PostgreSQL, 0s on SQLite if left out." placeholder:"TIME"`
	Listen            string         `default:"127.0.0.1:8080" env:"TANDEM_LISTEN" help:"Address to listen on."`
	APIURL            string         `name:"api-url" env:"TANDEM_API_URL" help:"Public URL of the API; default http://LISTEN." placeholder:"URL"`
	ServiceURL        string         `env:"TANDEM_SERVICE_URL" help:"Public URL for browsers and webhooks; default as the API's." placeholder:"URL"`
	TrustedProxies    []netip.Prefix `env:"TANDEM_TRUSTED_PROXIES" help:"Proxies in front of the server: from these, X-Forwarded-For says who calls." placeholder:"CIDR"`
	EgressAllow       []netip.Prefix `env:"TANDEM_EGRESS_ALLOW" help:"Private addresses that integrations may call, which are refused otherwise." placeholder:"CIDR"`
	EgressRoots       string         `env:"TANDEM_EGRESS_ROOTS" help:"Certificates, in PEM, that vouch for the servers that are called, besides those that the system trusts." placeholder:"FILE"`
	Connectors        []string       `env:"TANDEM_CONNECTORS" help:"Further connector folders." placeholder:"DIR"`
	SliceTimeout      time.Duration  `default:"75s" env:"TANDEM_SLICE_TIMEOUT" help:"PostgreSQL: the longest that a node works on a transaction at a stretch, and so about how long one waits when its node hangs. Must be longer than any request of an integration takes."`
	MetricsListen     string         `env:"TANDEM_METRICS_LISTEN" help:"Serve /metrics on an address of its own." placeholder:"ADDRESS"`
	MetricsToken      string         `env:"TANDEM_METRICS_TOKEN" help:"Serve /metrics beside the API, to who brings this bearer token." placeholder:"TOKEN"`
	APIRateClient     int            `name:"api-rate-client" default:"6000" env:"TANDEM_API_RATE_CLIENT" help:"Requests a minute that one OAuth client or person may make to the API, on each node; 0: no limit."`
	APIRateAccount    int            `name:"api-rate-account" default:"6000" env:"TANDEM_API_RATE_ACCOUNT" help:"Requests a minute in one account, on each node; 0: no limit."`
	APIStreamsClient  int            `name:"api-streams-client" default:"100" env:"TANDEM_API_STREAMS_CLIENT" help:"Live streams that one OAuth client or person may have open, on each node; 0: no limit."`
	APIStreamsPartner int            `name:"api-streams-partner" default:"5000" env:"TANDEM_API_STREAMS_PARTNER" help:"Live streams that all clients and people of a partner may have open, on each node; 0: no limit."`
	APIRateFailures   int            `name:"api-rate-failures" default:"60" env:"TANDEM_API_RATE_FAILURES" help:"Wrong tokens a minute from one network address, and wrong secrets for one client; 0: no limit."`
	StorageItems      int64          `default:"5000000" env:"TANDEM_STORAGE_ITEMS" help:"Items that the storage utilities and scripts of one account may keep; 0: 5,000,000."`
	StorageBytes      int64          `default:"2147483648" env:"TANDEM_STORAGE_BYTES" help:"Bytes of these items together; 0: 2 GiB."`
	ConnectorCalls    int            `default:"0" env:"TANDEM_CONNECTOR_CALLS" help:"Calls to one third party, by one account connector, that are under way at once on this node; 0: 192, and on PostgreSQL 48."`
	WebhookMaxBody    int64          `default:"10485760" env:"TANDEM_WEBHOOK_MAX_BODY" help:"Bytes that a request to a webhook may have, files and all."`
	WebhookRate       int            `default:"0" env:"TANDEM_WEBHOOK_RATE" help:"Requests a minute to the webhooks of one account, on each node, beyond which they are answered 429; 0: no limit."`
	WebhookAnswer     time.Duration  `default:"30s" env:"TANDEM_WEBHOOK_ANSWER" help:"How long the caller of a webhook waits for a step to answer; 4m at most."`
	SMTPURL           string         `name:"smtp-url" env:"TANDEM_SMTP_URL" help:"Mail server, such as smtp://user@mail.example.com:587, or smtps:// for TLS from the first byte; TANDEM_SMTP_PASSWORD gives the password. No mail if left out." placeholder:"URL"`
	MailFrom          string         `env:"TANDEM_MAIL_FROM" help:"Address that mail is from." placeholder:"ADDRESS"`
	CPUProfile        string         `name:"cpu-profile" env:"TANDEM_CPU_PROFILE" help:"Folder to write a profile to of where the processors' time goes, for go tool pprof." placeholder:"DIR"`
	LogLevel          string         `default:"info" enum:"debug,info,warn,error" env:"TANDEM_LOG_LEVEL" help:"Least level to log: ${enum}."`
}

// noticed is how long a proxy that asks every two seconds, and believes the second
// answer, needs to notice that a node is not ready.
const noticed = 5 * time.Second

func (c *serveCommand) drain() time.Duration {
	switch {
	case c.Drain != nil:
		return *c.Drain
	case c.Database != "":
		return noticed
	}
	return 0 // nobody else would answer
}

// Run serves until ctx is done.
func (c *serveCommand) Run(ctx context.Context, to output) (err error) {
	go keepMemory(ctx)
	log, err := newLogger(to.err, c.LogLevel)
	if err != nil {
		return err
	}
	stop, err := profile(c.CPUProfile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	cfg := c.config()
	cfg.Listen, cfg.APIURL, cfg.ServiceURL = c.Listen, c.APIURL, c.ServiceURL
	cfg.Roles, cfg.Drain = c.Roles, c.drain()
	cfg.EgressAllow, cfg.EgressRoots, cfg.Connectors = c.EgressAllow, c.EgressRoots, c.Connectors
	cfg.TrustedProxies = c.TrustedProxies
	cfg.SliceTimeout = c.SliceTimeout
	cfg.APIStreamsClient, cfg.APIStreamsPartner = c.APIStreamsClient, c.APIStreamsPartner
	cfg.APIRateClient, cfg.APIRateAccount, cfg.APIRateFailures = c.APIRateClient, c.APIRateAccount, c.APIRateFailures
	cfg.ConnectorCalls = c.ConnectorCalls
	cfg.WebhookMaxBody, cfg.WebhookRate, cfg.WebhookAnswerLimit = c.WebhookMaxBody, c.WebhookRate, c.WebhookAnswer
	cfg.StorageItems, cfg.StorageBytes = c.StorageItems, c.StorageBytes
	cfg.SMTPURL, cfg.MailFrom, cfg.SMTPPassword = c.SMTPURL, c.MailFrom, tandem.Secret(os.Getenv("TANDEM_SMTP_PASSWORD"))
	cfg.MetricsListen, cfg.MetricsToken = c.MetricsListen, c.MetricsToken
	a, err := app.New(ctx, log, cfg)
	if err != nil {
		return err
	}
	return a.Run(ctx)
}
