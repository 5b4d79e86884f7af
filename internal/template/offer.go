package template

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/tandem-ipaas/tandem"
)

var _ tandem.TemplateOffers = (*Offers)(nil)

// Offers is the service that copies templates from one partner to another. It is
// safe for concurrent use.
type Offers struct {
	log     *slog.Logger
	files   *Files
	tickets tandem.Tickets
}

// NewOffers makes the service.
func NewOffers(log *slog.Logger, files *Files, tickets tandem.Tickets) *Offers {
	return &Offers{log: log, files: files, tickets: tickets}
}

// offer is what a ticket says of what is offered. A draft that was changed since
// is not what was offered.
type offer struct {
	Template tandem.TemplateID
	Release  tandem.ReleaseID
	Revision int64
}

// Offer implements tandem.TemplateOffers.
func (s *Offers) Offer(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) (*tandem.TemplateOffer, error) {
	made, err := s.offer(ctx, p, id, release)
	if err != nil {
		return nil, fmt.Errorf("offer release %s of template %s: %w", release, id, err)
	}
	s.log.InfoContext(ctx, "template offered", "partner", p, "template", id, "release", release)
	return made, nil
}

func (s *Offers) offer(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) (*tandem.TemplateOffer, error) {
	r, err := s.files.store.TemplateRelease(ctx, p, id, release)
	if err != nil {
		return nil, err
	}
	if _, err := s.files.Export(ctx, p, id, release); err != nil {
		return nil, err
	}
	detail, err := json.Marshal(offer{id, release, r.Revision})
	if err != nil {
		return nil, err
	}
	code, t, err := s.tickets.Issue(ctx, tandem.Ticket{Purpose: tandem.OfferTicket, Partner: p, Detail: detail, Expires: time.Now().UTC().Add(tandem.OfferLifetime)})
	return &tandem.TemplateOffer{Code: code, Expires: t.Expires}, err
}

// Withdraw implements tandem.TemplateOffers.
func (s *Offers) Withdraw(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) error {
	if err := s.withdraw(ctx, p, id, release); err != nil {
		return fmt.Errorf("withdraw release %s of template %s: %w", release, id, err)
	}
	s.log.InfoContext(ctx, "template withdrawn", "partner", p, "template", id, "release", release)
	return nil
}

func (s *Offers) withdraw(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) error {
	open, err := s.tickets.List(ctx, p, 0, tandem.OfferTicket)
	if err != nil {
		return err
	}
	found := false
	for _, t := range open {
		o, err := offerOf(t)
		if err != nil {
			return err
		}
		if o.Template != id || o.Release != release {
			continue
		}
		err = s.tickets.Revoke(ctx, tandem.Ticket{Purpose: tandem.OfferTicket, Partner: p, ID: t.ID})
		if err != nil && tandem.ErrorCode(err) != tandem.NotFound { // it has just been used
			return err
		}
		found = true
	}
	if !found {
		return tandem.NotFoundf("Release %s is not offered.", release)
	}
	return nil
}

func offerOf(t tandem.Ticket) (o offer, err error) {
	if err = json.Unmarshal(t.Detail, &o); err != nil {
		err = fmt.Errorf("read offer %d: %w", t.ID, err)
	}
	return o, err
}

// Accept implements tandem.TemplateOffers. The code is used when nothing is wrong
// with the file.
func (s *Offers) Accept(ctx context.Context, p tandem.PartnerID, code tandem.Secret, how tandem.TemplateImport) (*tandem.Template, error) {
	t, o, f, err := s.look(ctx, code)
	if err != nil {
		return nil, fmt.Errorf("accept a template: %w", err)
	}
	made, err := s.files.take(ctx, p, f, how, func() error {
		_, err := s.tickets.Use(taken(ctx, t.Partner, o), tandem.OfferTicket, code)
		return worthless(err)
	})
	if err != nil {
		return nil, fmt.Errorf("accept a template: %w", err)
	}
	return made, nil
}

// look finds what a code offers. Whatever is the matter with it, the answer is the
// same: it is not for others to know.
func (s *Offers) look(ctx context.Context, code tandem.Secret) (t tandem.Ticket, o offer, f tandem.TemplateFile, err error) {
	if t, err = s.tickets.Look(ctx, tandem.OfferTicket, code); err != nil {
		return t, o, f, worthless(err)
	}
	if o, err = offerOf(t); err != nil {
		return t, o, f, err
	}
	r, err := s.files.store.TemplateRelease(ctx, t.Partner, o.Template, o.Release)
	if err == nil && r.Revision != o.Revision {
		err = tandem.Conflictf("The release has been changed since.")
	}
	if err == nil {
		f, err = s.files.Export(ctx, t.Partner, o.Template, o.Release)
	}
	return t, o, f, worthless(err)
}

// worthless says of a code what is told of all that are not good, unless err is
// nil or our own fault.
func worthless(err error) error {
	switch tandem.ErrorCode(err) {
	case tandem.Gone, tandem.NotFound, tandem.Invalid, tandem.Conflict:
		return &tandem.Error{Code: tandem.Invalid, Field: "Code", Message: "Code: nothing is offered under it, or not any more. Ask for a new one."}
	default:
		return err
	}
}

// taken is a context in which the audit log of who made an offer tells that
// somebody has taken it, and not who.
func taken(ctx context.Context, by tandem.PartnerID, o offer) context.Context {
	return tandem.WithAct(ctx, &tandem.Act{
		Who: tandem.Principal{Partner: by}, Name: "offerTaken", Object: fmt.Sprintf("/v1.0/templates/%s/releases/%s/offer", o.Template, o.Release),
	})
}
