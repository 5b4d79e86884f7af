package app

import (
	"crypto/x509"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/notify"
	"github.com/tandem-ipaas/tandem/internal/storage"
)

// Config is what an operator can set. The zero value, with Data, is a server
// on SQLite that does not listen.
type Config struct {
	Data      string        // folder for the database, blobs and the master key
	Database  string        // PostgreSQL URL; "" is SQLite in Data
	Blobs     Blobs         // where long step data is
	Files     Blobs         // where the files of steps are
	MasterKey tandem.Secret // base64; "" is what MasterKeyCommand prints, or the file master.key in Data

	MasterKeyCommand string // a program with its arguments; "": none

	Roles []string      // of this node, see [Roles]; none: all
	Drain time.Duration // for which a node that is to stop says so, and still answers

	Listen         string         // host:port; port 0 takes a free one
	APIURL         string         // "" is http:// and the address listened on
	ServiceURL     string         // "" is APIURL
	TrustedProxies []netip.Prefix // whose word is taken for where a request comes from
	EgressAllow    []netip.Prefix
	EgressRoots    string        // PEM file of certificates that vouch for servers besides the system's; "": none
	Connectors     []string      // further library folders
	SliceTimeout   time.Duration // PostgreSQL: the most that a node works on a transaction at a stretch; 0: 75 s
	MetricsListen  string        // "" and no MetricsToken: no metrics
	MetricsToken   string

	APIRateClient   int // requests a minute of one client or person; 0: no limit
	APIRateAccount  int // requests a minute in one account; 0: no limit
	APIRateFailures int // wrong credentials a minute from one network; 0: no limit

	APIStreamsClient  int // live streams that one client or person may have open; 0: no limit
	APIStreamsPartner int // live streams that all of a partner may have open; 0: no limit

	StorageItems int64 // that all stores of an account hold; 0: [tandem.StorageAccountItems]
	StorageBytes int64 // of these; 0: [tandem.StorageAccountBytes]

	ConnectorCalls int // calls of an account connector that are under way at once on this node, at most; 0: what is usual

	WebhookMaxBody     int64         // bytes of a request to a webhook; 0: 10 MB
	WebhookRate        int           // requests a minute that are taken of an account; 0: no limit
	WebhookAnswerLimit time.Duration // how long a sender waits for a step to answer; 0: 30 s

	SMTPURL      string        // see notify.ParseServer; "": no mail
	SMTPPassword tandem.Secret // "" is the URL's
	MailFrom     string        // address that mail is from
}

// maxAnswerLimit is less than a request may take in all.
const maxAnswerLimit = answerTime - time.Minute

// validate reports the first setting that cannot work.
func (c Config) validate() error {
	if c.Data == "" {
		return tandem.Invalidf("data", "data: a folder is needed")
	}
	if c.Drain < 0 {
		return tandem.Invalidf("drain", "drain: must be 0 or more")
	}
	if err := c.checkRoles(); err != nil {
		return err
	}
	if err := c.checkBuckets(); err != nil {
		return err
	}
	for name, text := range map[string]string{"api-url": c.APIURL, "service-url": c.ServiceURL} {
		u, err := url.Parse(text)
		if text != "" && (err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "http")) {
			return tandem.Invalidf(name, "%s: want a URL that begins with http:// or https://", name)
		}
	}
	for name, rate := range map[string]int{"api-rate-client": c.APIRateClient, "api-rate-account": c.APIRateAccount, "api-rate-failures": c.APIRateFailures, "api-streams-client": c.APIStreamsClient, "api-streams-partner": c.APIStreamsPartner, "webhook-rate": c.WebhookRate} {
		if rate < 0 {
			return tandem.Invalidf(name, "%s: must be 0, for no limit, or more", name)
		}
	}
	for name, most := range map[string]int64{"storage-items": c.StorageItems, "storage-bytes": c.StorageBytes} {
		if most < 0 {
			return tandem.Invalidf(name, "%s: must be 0, for what is usual, or more", name)
		}
	}
	if c.ConnectorCalls < 0 {
		return tandem.Invalidf("connector-calls", "connector-calls: must be 0, for what is usual, or more")
	}
	if c.WebhookMaxBody < 0 {
		return tandem.Invalidf("webhook-max-body", "webhook-max-body: must be 0, for what is usual, or more")
	}
	if c.WebhookAnswerLimit < 0 || c.WebhookAnswerLimit > maxAnswerLimit {
		return tandem.Invalidf("webhook-answer", "webhook-answer: must be at most %s", maxAnswerLimit)
	}
	for _, dir := range c.Connectors {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return tandem.Invalidf("connectors", "connectors: %s is not a folder", dir)
		}
	}
	_, err := c.mailServer()
	return err
}

// roots are what vouches for servers that are called; nil: what the system has.
// Errors: Invalid.
func (c Config) roots() (*x509.CertPool, error) {
	roots, err := egress.Roots(c.EgressRoots)
	if err != nil {
		return nil, tandem.Invalidf("egress-roots", "egress-roots: %v", err)
	}
	return roots, nil
}

// storage is how much accounts may store.
func (c Config) storage() storage.Options {
	return storage.Options{AccountItems: c.StorageItems, AccountBytes: c.StorageBytes}
}

// mailServer is where mail goes. Errors: Invalid.
func (c Config) mailServer() (notify.Server, error) {
	return notify.ParseServer(c.SMTPURL, c.SMTPPassword, c.MailFrom)
}
