// Package replay makes a call with an Idempotency-Key happen once: who makes it
// again has the answer of the first.
//
// A call is claimed in the database before it runs, so that of any number of
// nodes one runs it, and its answer is kept when it has run. The two are commits
// of their own, and the first change that the call makes is one between them, which
// marks the claim too. A process that dies leaves a claim without an answer; the
// mark tells what that means. Without it nothing has happened: the claim ends after
// [tandem.ReplayPatience], and the call may be made again. With it the call is in
// doubt: it is never made again, and who tries is told to look for themselves. A
// process that only seems to be dead finds its claim taken when it comes to its
// first change, which is not committed then.
//
// Answers hold secrets: tokens that sign people in, the secret of a new client.
// They are sealed with the partner's data key. Of keys and of what was asked only
// hashes are kept.
package replay

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// Store keeps calls and answers.
type Store interface {
	// PartnerKey gives a partner's wrapped data key, made by key if there is
	// none. Errors: NotFound.
	PartnerKey(ctx context.Context, p tandem.PartnerID, key func(tandem.PartnerID) ([]byte, error)) ([]byte, error)
	// ClaimReplay claims a name until end, and says true; or gives who has it.
	ClaimReplay(ctx context.Context, p tandem.PartnerID, name, call []byte, at, end time.Time) (tandem.Claimed, bool, error)
	// AnswerReplay errors: NotFound (somebody else has the name by now).
	AnswerReplay(ctx context.Context, p tandem.PartnerID, name []byte, at time.Time, sealed []byte, end time.Time) error
	// FreeReplay forgets a claim, or ends it if something was changed under it.
	FreeReplay(ctx context.Context, p tandem.PartnerID, name []byte, at time.Time) error
}

// Service implements tandem.Replays.
type Service struct {
	store Store
	keys  *vault.Vault
	now   func() time.Time
}

// Options are what may be set.
type Options struct {
	Now func() time.Time // nil: the clock
}

var _ tandem.Replays = (*Service)(nil)

// New makes the service.
func New(store Store, keys *vault.Vault, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{store, keys, o.Now}
}

// header is the field at fault when a key was used for another call.
const header = "Idempotency-Key"

// Begin implements tandem.Replays.
func (s *Service) Begin(ctx context.Context, c *tandem.Claim) (*tandem.Replay, error) {
	c.At = s.now().UTC().Truncate(time.Microsecond) // as the database has it
	call := sha256.Sum256([]byte(c.Call))
	has, claimed, err := s.store.ClaimReplay(ctx, c.Partner, c.Key(), call[:], c.At, c.At.Add(tandem.ReplayPatience))
	switch {
	case err != nil || claimed:
		return nil, err
	case subtle.ConstantTimeCompare(has.Call, call[:]) == 0:
		return nil, tandem.Invalidf(header, "%s: this key was used for another call", header)
	case !has.Answered && has.Begun && !has.Expires.After(c.At):
		return nil, tandem.Conflictf("The first call with this %s was cut off after it had changed something. It is not made again: look at what is there, and use another key for what is missing.", header)
	case !has.Answered:
		return nil, &tandem.Error{Code: tandem.Conflict, Message: "The first call with this " + header + " is still at work.", RetryAfter: time.Second}
	case has.Sealed == nil:
		return nil, tandem.Conflictf("The call with this %s was made. Its answer was too long to be kept.", header)
	}
	return s.open(ctx, *c, has.Sealed)
}

func (s *Service) open(ctx context.Context, c tandem.Claim, sealed []byte) (*tandem.Replay, error) {
	key, err := s.store.PartnerKey(ctx, c.Partner, s.keys.NewPartnerKey)
	if err != nil {
		return nil, fmt.Errorf("open an answer: %w", err)
	}
	plain, err := s.keys.Open(key, place(c), sealed)
	if err != nil {
		return nil, fmt.Errorf("open an answer: %w", err)
	}
	answer := new(tandem.Replay)
	if err := json.Unmarshal([]byte(plain), answer); err != nil {
		return nil, fmt.Errorf("read an answer: %w", err)
	}
	return answer, nil
}

func place(c tandem.Claim) vault.Place {
	return vault.Place{Partner: c.Partner, Record: "replay " + hex.EncodeToString(c.Key()), Field: "sealed"}
}

// End implements tandem.Replays.
func (s *Service) End(ctx context.Context, c tandem.Claim, answer tandem.Replay) error {
	sealed, err := s.seal(ctx, c, answer)
	if err == nil {
		err = s.store.AnswerReplay(ctx, c.Partner, c.Key(), c.At, sealed, c.At.Add(tandem.ReplayLife))
	}
	if err != nil && tandem.ErrorCode(err) != tandem.NotFound {
		return fmt.Errorf("keep an answer: %w", err)
	}
	return nil
}

// seal gives nil for an answer that is too long.
func (s *Service) seal(ctx context.Context, c tandem.Claim, answer tandem.Replay) ([]byte, error) {
	if len(answer.Body) > tandem.ReplayLimit {
		return nil, nil
	}
	key, err := s.store.PartnerKey(ctx, c.Partner, s.keys.NewPartnerKey)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	return s.keys.Seal(key, place(c), tandem.Secret(plain))
}

// Free implements tandem.Replays.
func (s *Service) Free(ctx context.Context, c tandem.Claim) error {
	if err := s.store.FreeReplay(ctx, c.Partner, c.Key(), c.At); err != nil {
		return fmt.Errorf("free a claim: %w", err)
	}
	return nil
}
