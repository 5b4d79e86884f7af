package notice

import (
	"context"
	"errors"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

// batch is the notices of incidents that are queued at once.
type batch struct {
	*Teller
	notices   []tandem.Notice
	receivers map[tandem.AccountID]*receiver // nil: nobody is told
	steps     map[version]map[tandem.StepID]Step
	rooms     map[place]int // for notices of this batch
	bytes     int           // of payloads
}

// place is where notices wait.
type place struct {
	partner tandem.PartnerID
	own     tandem.AccountID // 0: for the partner's receiver
}

// version is one of a cycle.
type version struct {
	account tandem.AccountID
	cycle   tandem.CycleID
	version int64
}

func (t *Teller) newBatch() *batch {
	return &batch{Teller: t, receivers: map[tandem.AccountID]*receiver{}, steps: map[version]map[tandem.StepID]Step{}, rooms: map[place]int{}}
}

// add makes a notice of an incident, if somebody wants to know of it. What of it
// cannot be read is left out: one account's broken data keeps no other's from
// being told. An error says that nothing can be read for now.
func (b *batch) add(ctx context.Context, in *tandem.AccountIncident) error {
	to, ok := b.receivers[in.Account]
	if !ok {
		var err error
		to, err = b.receiver(ctx, in.Account)
		if err = b.without(ctx, "receiver", in, err); err != nil {
			return err
		}
		b.receivers[in.Account] = to
	}
	if to == nil || in.IncidentLevel != tandem.OutcomeError && !to.warnings {
		return nil
	}
	step, err := b.step(ctx, in)
	if err != nil {
		return err
	}
	at := place{to.account.Partner, to.own}
	if err := b.look(ctx, at); err != nil {
		return err
	}
	var item *tandem.StepItem
	if b.rooms[at] > 0 { // what has no room is only counted, unless there is some by then
		if item, err = b.item(ctx, in); err != nil {
			return err
		}
	}
	b.rooms[at]--
	payload, err := errorPayload(to.account, in, step, item)
	if err != nil {
		return b.without(ctx, "payload", in, err)
	}
	b.bytes += len(payload)
	b.notices = append(b.notices, tandem.Notice{
		ID: tandem.KeyGUID(fmt.Sprintf("incident %d of account %d", in.ID, in.Account)), Partner: to.account.Partner, Account: in.Account, Receiver: to.own,
		Kind: tandem.ErrorNotice, CycleID: in.CycleID, TransactionID: in.TransactionID, Message: in.ShortMessage, Created: in.Created, Payload: payload,
	})
	return nil
}

// look finds how much room there is at a place.
func (b *batch) look(ctx context.Context, at place) error {
	if _, ok := b.rooms[at]; ok {
		return nil
	}
	n, err := b.incidents.NoticeRoom(ctx, at.partner, at.own)
	b.rooms[at] = n
	return err
}

// step is where an incident was; the zero one: there is none, or it is not known.
func (b *batch) step(ctx context.Context, in *tandem.AccountIncident) (Step, error) {
	if in.StepID == "" {
		return Step{}, nil
	}
	of := version{in.Account, in.CycleID, in.Version}
	steps, ok := b.steps[of]
	if !ok {
		var err error
		steps, err = b.Teller.steps(ctx, in.Account, in.CycleID, in.Version)
		if err = b.without(ctx, "step", in, err); err != nil {
			return Step{}, err
		}
		b.steps[of] = steps
	}
	return steps[in.StepID], nil
}

// item is the record that an incident tells of; nil: there is none.
func (b *batch) item(ctx context.Context, in *tandem.AccountIncident) (*tandem.StepItem, error) {
	if in.Item == 0 {
		return nil, nil
	}
	item, err := b.incidents.Item(ctx, in.Account, in.TransactionID, in.Item)
	if err != nil {
		return nil, b.without(ctx, "item", in, err)
	}
	return &item, nil
}

// without goes on without a part that could not be read. It gives back the errors
// of what is away for now.
func (t *Teller) without(ctx context.Context, part string, in *tandem.AccountIncident, err error) error {
	switch {
	case err == nil, tandem.ErrorCode(err) == tandem.NotFound:
		return nil
	case ctx.Err() != nil, errors.Is(err, tandem.ErrAway):
		return err
	}
	t.log.ErrorContext(ctx, "an incident lacks a part for its receiver", "part", part, "account", in.Account, "incident", in.ID, "error", err)
	return nil
}
