package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// signOnTime is how long somebody may take to sign in elsewhere.
const signOnTime = 10 * time.Minute

// maxDomains is how many domains one sign-on may be for.
const maxDomains = 50

// SignOnStore keeps how partners' people sign in elsewhere.
type SignOnStore interface {
	// PartnerKey is the partner's data key, which key makes the first time.
	PartnerKey(ctx context.Context, p tandem.PartnerID, key func(tandem.PartnerID) ([]byte, error)) ([]byte, error)
	// SignOn errors: NotFound.
	SignOn(ctx context.Context, p tandem.PartnerID) (o tandem.SignOn, sealed []byte, err error)
	SetSignOn(ctx context.Context, p tandem.PartnerID, o tandem.SignOn, sealed []byte) error
	// SignOnPartner is whose console users of a domain sign on. Errors: NotFound.
	SignOnPartner(ctx context.Context, domain string) (tandem.PartnerID, error)
	DomainClaims(ctx context.Context) ([]tandem.DomainClaim, error)
	// ApproveDomain errors: NotFound.
	ApproveDomain(ctx context.Context, p tandem.PartnerID, domain string) error
}

// SignOnUsers are the console users who sign on.
type SignOnUsers interface {
	// SignOnPerson is whom an issuer means by a subject. Errors: NotFound.
	SignOnPerson(ctx context.Context, kind tandem.SignOnKind, who tandem.SignedOn) (int64, error)
	// KnowSubject errors: Conflict (the issuer means another).
	KnowSubject(ctx context.Context, kind tandem.SignOnKind, who tandem.SignedOn, person int64) error
	// ConsoleUserOf errors: NotFound.
	ConsoleUserOf(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID) (tandem.ConsoleUser, error)
	// ConsoleUserByEmail errors: NotFound.
	ConsoleUserByEmail(ctx context.Context, p tandem.PartnerID, email string) (tandem.ConsoleUser, string, error)
	// CreateConsoleUser errors: Conflict (the email is taken).
	CreateConsoleUser(ctx context.Context, u *tandem.ConsoleUser) error
	// AcceptConsoleUser ends a user's invitations.
	AcceptConsoleUser(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID) error
}

// SignOns implements tandem.SignOns.
type SignOns struct {
	store    SignOnStore
	users    SignOnUsers
	keys     *vault.Vault
	tickets  tandem.Tickets
	gate     *Gate
	provider *provider
	url      string // where browsers come back to
	attempts *limiter
}

var _ tandem.SignOns = (*SignOns)(nil)

// NewSignOns makes the service; client is a guarded one. Browsers come back to
// /console/sso/callback and /account/sso/callback below url.
func NewSignOns(store SignOnStore, users SignOnUsers, keys *vault.Vault, tickets tandem.Tickets, gate *Gate, client *http.Client, url string) *SignOns {
	return &SignOns{store: store, users: users, keys: keys, tickets: tickets, gate: gate, provider: &provider{client}, url: url, attempts: newLimiter(signOnPace)}
}

// Claims implements tandem.SignOns.
func (s *SignOns) Claims(ctx context.Context) ([]tandem.DomainClaim, error) {
	all, err := s.store.DomainClaims(ctx)
	if err != nil {
		return nil, fmt.Errorf("list domains: %w", err)
	}
	return all, nil
}

// Approve implements tandem.SignOns.
func (s *SignOns) Approve(ctx context.Context, p tandem.PartnerID, domain string) error {
	if err := s.store.ApproveDomain(ctx, p, strings.ToLower(strings.TrimSpace(domain))); err != nil {
		return fmt.Errorf("approve domain %s for partner %d: %w", domain, p, err)
	}
	return nil
}

func signOnPlace(p tandem.PartnerID) vault.Place {
	return vault.Place{Partner: p, Record: "single_sign_on", Field: "client_secret"}
}

// Get implements tandem.SignOns.
func (s *SignOns) Get(ctx context.Context, p tandem.PartnerID) (tandem.SignOn, error) {
	o, _, err := s.store.SignOn(ctx, p)
	if err != nil && tandem.ErrorCode(err) != tandem.NotFound {
		return o, fmt.Errorf("read single sign-on of partner %d: %w", p, err)
	}
	return o, nil
}

// Set implements tandem.SignOns.
func (s *SignOns) Set(ctx context.Context, by tandem.Principal, change func(*tandem.SignOn)) (tandem.SignOn, error) {
	if by.ConsoleUser != 0 && !tandem.Everything().Within(by.Permissions) {
		return tandem.SignOn{}, forbidden("Only who may do everything can change single sign-on.")
	}
	o, sealed, err := s.store.SignOn(ctx, by.Partner)
	if err != nil && tandem.ErrorCode(err) != tandem.NotFound {
		return o, fmt.Errorf("read single sign-on of partner %d: %w", by.Partner, err)
	}
	issuer := o.Issuer
	change(&o)
	if o.Issuer != "" {
		if err := checkSignOn(&o); err != nil {
			return o, err
		}
		if o.ClientSecret == "" && (sealed == nil || o.Issuer != issuer) { // it is not handed to another
			return o, tandem.Invalidf("ClientSecret", "ClientSecret is required")
		}
	}
	if o.ClientSecret != "" {
		if sealed, err = s.seal(ctx, by.Partner, o.ClientSecret); err != nil {
			return o, err
		}
	}
	if err := s.store.SetSignOn(ctx, by.Partner, o, sealed); err != nil {
		return o, fmt.Errorf("set single sign-on of partner %d: %w", by.Partner, err)
	}
	return s.Get(ctx, by.Partner)
}

// Test implements tandem.SignOns.
func (s *SignOns) Test(ctx context.Context, p tandem.PartnerID) error {
	o, err := s.Get(ctx, p)
	if err != nil {
		return err
	}
	if o.Issuer == "" {
		return tandem.NotFoundf("Single sign-on is not set up.")
	}
	_, _, _, err = s.provider.discover(ctx, relation{issuer: o.Issuer, clientID: o.ClientID})
	return err
}

func (s *SignOns) seal(ctx context.Context, p tandem.PartnerID, secret tandem.Secret) ([]byte, error) {
	wrapped, err := s.store.PartnerKey(ctx, p, s.keys.NewPartnerKey)
	if err != nil {
		return nil, err
	}
	return s.keys.Seal(wrapped, signOnPlace(p), secret)
}

var domainPattern = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])$`)

// checkSignOn errors: Invalid.
func checkSignOn(o *tandem.SignOn) error {
	u, err := url.Parse(o.Issuer)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Hostname())) {
		return tandem.Invalidf("Issuer", "Issuer: want a URL that begins with https://")
	}
	if o.ClientID == "" {
		return tandem.Invalidf("ClientId", "ClientId is required")
	}
	if len(o.Domains) == 0 || len(o.Domains) > maxDomains {
		return tandem.Invalidf("Domains", "Domains: want 1 to %d", maxDomains)
	}
	for i, d := range o.Domains {
		if o.Domains[i] = strings.ToLower(strings.TrimSpace(d)); !domainPattern.MatchString(o.Domains[i]) {
			return tandem.Invalidf("Domains", "Domains: %q is not a domain, such as example.com", d)
		}
	}
	if o.CreateUsers && !o.Console {
		return tandem.Invalidf("CreateUsers", "CreateUsers: it makes console users, so it needs Console")
	}
	slices.Sort(o.Domains)
	o.Domains = slices.Compact(o.Domains)
	return nil
}

// isLoopback is for trying things out on one machine.
func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// underway is what is remembered of a sign-in while it is elsewhere.
type underway struct {
	Kind                        tandem.SignOnKind
	Issuer, Nonce, Verifier, To string
}

var errNoSignOn = tandem.NotFoundf("Single sign-on is not set up for this address.")

// Begin implements tandem.SignOns. It says the same of an address that somebody
// has and one that nobody has.
func (s *SignOns) Begin(ctx context.Context, n tandem.SignOnStart) (string, tandem.Secret, error) {
	if err := s.attempts.take(attempt{network: network(n.Address)}); err != nil {
		return "", "", err
	}
	p, err := s.partner(ctx, &n)
	if err != nil {
		return "", "", err
	}
	o, sealed, err := s.store.SignOn(ctx, p)
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound, err == nil && !isFor(o, n.Kind):
		return "", "", errNoSignOn
	case err != nil:
		return "", "", fmt.Errorf("read single sign-on of partner %d: %w", p, err)
	}
	at := underway{Kind: n.Kind, Issuer: o.Issuer, Nonce: random(), Verifier: random(), To: n.To}
	detail, err := json.Marshal(at)
	if err != nil {
		return "", "", err
	}
	state, _, err := s.tickets.Issue(ctx, tandem.Ticket{Purpose: tandem.SingleSignOnTicket, Partner: p, Detail: detail, Expires: time.Now().Add(signOnTime)})
	if err != nil {
		return "", "", err
	}
	r, err := s.relation(ctx, p, o, sealed, n.Kind)
	if err != nil {
		return "", "", err
	}
	page, err := s.provider.page(ctx, r, at, state, n.Email)
	return page, state, err
}

// isFor says that o is in use, for a kind.
func isFor(o tandem.SignOn, kind tandem.SignOnKind) bool {
	return o.Issuer != "" && (kind == tandem.ConsoleSignOn && o.Console || kind == tandem.AccountSignOn && o.Accounts)
}

// partner is whose people come. If it is not said, it is told by the email, which
// is put in order: the one whose its domain is.
func (s *SignOns) partner(ctx context.Context, n *tandem.SignOnStart) (tandem.PartnerID, error) {
	if n.Partner != 0 && n.Email == "" {
		return n.Partner, nil
	}
	email, err := tandem.ParseEmail("Email", n.Email)
	if err != nil {
		return 0, errNoSignOn
	}
	n.Email = email
	if n.Partner != 0 {
		o, err := s.Get(ctx, n.Partner)
		if err == nil && !slices.Contains(o.Domains, domainOf(email)) {
			err = errNoSignOn
		}
		return n.Partner, err
	}
	p, err := s.store.SignOnPartner(ctx, domainOf(email))
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return 0, errNoSignOn
	case err != nil:
		return 0, fmt.Errorf("find single sign-on: %w", err)
	}
	return p, nil
}

func domainOf(email string) string { return email[strings.LastIndexByte(email, '@')+1:] }

// relation is what a provider needs to know of us.
func (s *SignOns) relation(ctx context.Context, p tandem.PartnerID, o tandem.SignOn, sealed []byte, kind tandem.SignOnKind) (relation, error) {
	wrapped, err := s.store.PartnerKey(ctx, p, s.keys.NewPartnerKey)
	if err != nil {
		return relation{}, err
	}
	secret, err := s.keys.Open(wrapped, signOnPlace(p), sealed)
	return relation{issuer: o.Issuer, clientID: o.ClientID, secret: secret, back: s.url + "/" + string(kind) + "/sso/callback"}, err
}
