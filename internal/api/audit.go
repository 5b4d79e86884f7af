package api

import (
	"context"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// AuditQuery narrows a search of the audit log.
type AuditQuery struct {
	Paging
	Format
	Actor   string `query:"actor" doc:"Email of a console user, username, or name of a client."`
	ActorID string `query:"actorId" doc:"Its id."`
	Action  string `query:"action" doc:"The operation's id in this document, or signIn, signOut and the like."`
	Account string `query:"account" doc:"An account's id."`
	Object  string `query:"object" doc:"Part of the object."`
	Text    string `query:"text" doc:"Part of any text of the entry. Of what the rest of the search leaves, the newest 100,000 entries are looked through."`
	After   moment `query:"after" doc:"Not before this time."`
	Before  moment `query:"before" doc:"Before this time."`
}

func (in *AuditQuery) filter() tandem.AuditFilter {
	return tandem.AuditFilter{
		PageRequest: in.request(), Actor: in.Actor, ActorID: in.ActorID, Action: in.Action, Account: in.Account,
		Object: in.Object, Text: in.Text, After: in.After.Time, Before: in.Before.Time,
	}
}

func (a *API) listAudit(ctx context.Context, p tandem.PartnerID, in *AuditQuery) (*tabular, error) {
	if in.csv() {
		return a.auditSheet(ctx, p, in.filter()), nil
	}
	found, err := a.services.Audit.Search(ctx, p, in.filter())
	return paged(in.request(), found, err)
}

var auditColumns = []string{
	"Id", "CreatedOnUtc", "ActorType", "ActorId", "Actor", "AccountId", "Account", "Action", "Object", "Sent", "Outcome", "Reason", "Count", "RequestId", "Address", "Hash",
}

func (a *API) auditSheet(ctx context.Context, p tandem.PartnerID, f tandem.AuditFilter) *tabular {
	return sheetOf("audit", auditColumns, func(row func(cells ...string) error) error {
		return a.services.Audit.Each(ctx, p, f, func(e tandem.AuditEntry) error {
			return row(strconv.FormatInt(e.ID, 10), e.Created.Format(time.RFC3339Nano), string(e.ActorType), e.ActorID, e.Actor, e.AccountID, e.Account,
				e.Action, e.Object, e.Sent, e.Outcome, e.Reason, strconv.Itoa(e.Count), e.RequestID, e.Address, e.Hash)
		})
	})
}

func (a *API) verifyAudit(ctx context.Context, p tandem.PartnerID, in *struct {
	ID   int64  `query:"id" doc:"Of an entry that you have kept the hash of."`
	Hash string `query:"hash" doc:"The hash that you have kept."`
},
) (*object[tandem.AuditProof], error) {
	if (in.ID > 0) != (in.Hash != "") || in.ID < 0 {
		return nil, tandem.Invalidf("id", "id: want it together with hash")
	}
	return one(a.services.Audit.Verify(ctx, p, tandem.AuditHead{Partner: p, ID: in.ID, Hash: in.Hash}))
}
