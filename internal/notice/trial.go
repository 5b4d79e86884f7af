package notice

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

var _ tandem.NoticeTrials = (*Sender)(nil)

// trialMessage is what a notice that tells of nothing says.
const trialMessage = "This is a test, sent by hand"

// Try implements tandem.NoticeTrials. The address may be one that is not saved yet.
func (s *Sender) Try(ctx context.Context, to tandem.Receiver, address string) (tandem.NoticeTrial, error) {
	address, err := tandem.ReceiverURL("Url", address)
	if err != nil {
		return tandem.NoticeTrial{}, err
	}
	now := s.now()
	by, err := s.secrets.of(ctx, to.Partner, to.Account, now)
	if err != nil {
		return tandem.NoticeTrial{}, fmt.Errorf("try an address of account %d of partner %d: %w", to.Account, to.Partner, err)
	}
	body, err := json.Marshal(trial(to, now))
	if err != nil {
		return tandem.NoticeTrial{}, fmt.Errorf("write a notice to try an address with: %w", err)
	}
	status, bad := s.attempt(ctx, address, by, tandem.Notice{ID: tandem.NewGUID(), Payload: body})
	if ctx.Err() != nil {
		return tandem.NoticeTrial{}, ctx.Err()
	}
	return tandem.NoticeTrial{Delivered: bad == failure{}, Status: status, Reason: bad.reason, Milliseconds: s.now().Sub(now).Milliseconds()}, nil
}

// trial is the body of a notice of a kind, of the shape that it always has.
func trial(to tandem.Receiver, now time.Time) any {
	if to.Kind == tandem.StopNotice {
		return tandem.StopMessage{AccountID: to.Account, Title: trialMessage, Message: trialMessage}
	}
	return payload{Timestamp: now.UTC(), AccountID: to.Account, AccountExternalID: to.AccountID, Message: trialMessage, Detail: detail{Message: trialMessage}, IncidentLevel: tandem.OutcomeError}
}
