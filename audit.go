package tandem

import (
	"context"
	"strconv"
	"time"
)

// ActorType is what kind of principal an actor is.
type ActorType string

// The types of actors.
const (
	ActorConsoleUser ActorType = "ConsoleUser"
	ActorUser        ActorType = "User" // of an account
	ActorClient      ActorType = "Client"
)

// Actor is what a principal is as an actor; nothing: it is nobody.
func (p Principal) Actor() (ActorType, string) {
	switch {
	case p.ConsoleUser != 0:
		return ActorConsoleUser, strconv.FormatInt(int64(p.ConsoleUser), 10)
	case p.User != 0:
		return ActorUser, strconv.FormatInt(int64(p.User), 10)
	case p.Client != "":
		return ActorClient, p.Client
	}
	return "", ""
}

// Outcome of an audited act.
const (
	ActDone    = "Done"
	ActRefused = "Refused"
)

// AuditEntry is a line of a partner's audit log. Names are as they were then.
type AuditEntry struct {
	ID        int64     `json:"Id" doc:"Its place in the log, from 1 and without gaps."`
	Partner   PartnerID `json:"-"`
	Created   time.Time `json:"CreatedOnUtc"`
	ActorType ActorType `doc:"ConsoleUser, User (of an account) or Client."`
	ActorID   string    `json:"ActorId"`
	Actor     string    `doc:"Email, username or name, as it was then."`
	AccountID string    `json:"AccountId" doc:"That it was done in or to; empty: none."`
	Account   string    `doc:"The account's name, as it was then."`
	Action    string    `doc:"The operation's id in this document, or signIn, signOut and the like."`
	Object    string    `doc:"What it was done to."`
	Sent      string    `doc:"JSON of what was asked for, without secrets; it ends in … where it was too long."`
	Outcome   string    `doc:"Done or Refused."`
	Reason    string    `doc:"Why it was refused."`
	Count     int       `doc:"How many alike, within a minute, it stands for."`
	RequestID string    `json:"RequestId"`
	Address   string    `doc:"Network address that it came from."`
	Hash      string    `doc:"Of this entry and the one before, in hexadecimal."`
}

// AuditFilter narrows a search of the audit log.
type AuditFilter struct {
	PageRequest
	Actor   string    // name
	ActorID string    // of the actor
	Action  string    // as in the entry
	Account string    // id
	Object  string    // a part of it; looked for as Text
	Text    string    // a part of any text; looked for among the newest AuditTextDepth that the rest leaves
	After   time.Time // not before
	Before  time.Time
}

// AuditTextDepth is how many entries a search for text looks through.
const AuditTextDepth = 100_000

// AuditHead is the newest entry of a partner's log: who keeps one elsewhere can
// tell later whether the log still has it.
type AuditHead struct {
	Partner PartnerID `json:"-"`
	ID      int64     `json:"Id" doc:"Of the newest entry; 0: there is none."`
	Hash    string    `doc:"Of the newest entry."`
}

// AuditProof is what a walk along the log found.
type AuditProof struct {
	Intact bool       `doc:"Nothing was changed, taken out, put in or cut off."`
	Head   *AuditHead `doc:"The newest entry; keep it elsewhere, and ask for it later."`
	Broken int64      `json:",omitempty" doc:"The first entry that is not as it was written."`
	Reason string     `json:",omitempty" doc:"What is wrong with it."`
}

// Audit is the log of who changed what. Changes get into it by themselves, in
// the transaction of the change: see Act.
type Audit interface {
	// Record notes what goes with no change, such as a refused attempt, soon
	// and not at once: who is refused must not learn from how long that takes.
	// Many that are alike become few.
	Record(ctx context.Context, e AuditEntry, who Principal)
	// Search gives the newest first.
	Search(ctx context.Context, p PartnerID, f AuditFilter) (Page[AuditEntry], error)
	// Each calls do with all that f finds, whatever its page, newest first.
	Each(ctx context.Context, p PartnerID, f AuditFilter, do func(AuditEntry) error) error
	// Verify walks along the log. If kept is not zero, the log must have that
	// entry too.
	Verify(ctx context.Context, p PartnerID, kept AuditHead) (AuditProof, error)
}
