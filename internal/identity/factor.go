package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// What apps that make codes take for granted (RFC 6238).
const (
	codePeriod = 30 * time.Second
	codeDrift  = 1  // steps that a clock may be off, either way
	secretSize = 20 // bytes
)

// Recovery codes are random enough, at 120 bits, to be kept by a fast hash.
const (
	recoveryCodes = 10
	recoverySize  = 15 // bytes
	recoveryGroup = 6  // characters between dashes
)

// FactorStore keeps second factors, their secrets sealed.
type FactorStore interface {
	// PartnerKey is the partner's data key, which key makes the first time.
	PartnerKey(ctx context.Context, p tandem.PartnerID, key func(tandem.PartnerID) ([]byte, error)) ([]byte, error)
	// SaveFactor errors: Conflict (one is confirmed).
	SaveFactor(ctx context.Context, id tandem.ConsoleUserID, sealed []byte) error
	// Factor errors: NotFound.
	Factor(ctx context.Context, id tandem.ConsoleUserID) (sealed []byte, confirmed bool, err error)
	UseFactor(ctx context.Context, id tandem.ConsoleUserID, sealed []byte, step int64) (bool, error)
	// ConfirmFactor errors: NotFound.
	ConfirmFactor(ctx context.Context, id tandem.ConsoleUserID, codes [][]byte) error
	UseRecoveryCode(ctx context.Context, id tandem.ConsoleUserID, hash []byte) (bool, error)
	DeleteFactor(ctx context.Context, id tandem.ConsoleUserID) error
}

// Factors are the second factors of console users.
type Factors struct {
	store    FactorStore
	keys     *vault.Vault
	attempts *limiter
}

// NewFactors makes the second factors that Entrance and Profile share.
func NewFactors(store FactorStore, keys *vault.Vault) *Factors {
	return &Factors{store: store, keys: keys, attempts: newLimiter(codePace)}
}

func factorPlace(u tandem.ConsoleUser) vault.Place {
	return vault.Place{Partner: u.Partner, Record: fmt.Sprintf("console_user %d", u.ID), Field: "factor"}
}

// enrol makes a factor for u, not confirmed yet. Errors: Conflict.
func (f *Factors) enrol(ctx context.Context, u tandem.ConsoleUser) (tandem.Enrolment, error) {
	issuer := strings.ReplaceAll(u.PartnerName, ":", " ") // it ends at a colon
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: u.Email, SecretSize: secretSize})
	if err != nil {
		return tandem.Enrolment{}, fmt.Errorf("make second factor: %w", err)
	}
	wrapped, err := f.store.PartnerKey(ctx, u.Partner, f.keys.NewPartnerKey)
	if err != nil {
		return tandem.Enrolment{}, err
	}
	sealed, err := f.keys.Seal(wrapped, factorPlace(u), tandem.Secret(key.Secret()))
	if err != nil {
		return tandem.Enrolment{}, err
	}
	return tandem.Enrolment{Secret: key.Secret(), URL: key.URL()}, f.store.SaveFactor(ctx, u.ID, sealed)
}

var errNoFactor = &tandem.Error{Code: tandem.Conflict, Message: "There is no second factor."}

// confirm takes the first code of a new factor, and gives its recovery codes;
// none if the code is wrong. Errors: RateLimited, Conflict.
func (f *Factors) confirm(ctx context.Context, u tandem.ConsoleUser, code string) ([]string, error) {
	if err := f.take(u); err != nil {
		return nil, err
	}
	_, confirmed, err := f.store.Factor(ctx, u.ID)
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound, err == nil && confirmed:
		return nil, &tandem.Error{Code: tandem.Conflict, Message: "There is nothing to confirm."}
	case err != nil:
		return nil, err
	}
	if ok, err := f.matches(ctx, u, code); err != nil || !ok {
		return nil, err
	}
	return f.recover(ctx, u)
}

// recover gives a factor new recovery codes.
func (f *Factors) recover(ctx context.Context, u tandem.ConsoleUser) ([]string, error) {
	codes, hashes := make([]string, recoveryCodes), make([][]byte, recoveryCodes)
	for i := range codes {
		codes[i] = newRecoveryCode()
		hashes[i] = hash(plainCode(codes[i]))
	}
	if err := f.store.ConfirmFactor(ctx, u.ID, hashes); err != nil {
		return nil, fmt.Errorf("confirm second factor: %w", err)
	}
	return codes, nil
}

func newRecoveryCode() string {
	b := make([]byte, recoverySize)
	_, _ = rand.Read(b) // never fails: see crypto/rand
	text := base32.StdEncoding.EncodeToString(b)
	var groups []string
	for len(text) > 0 {
		groups, text = append(groups, text[:recoveryGroup]), text[recoveryGroup:]
	}
	return strings.Join(groups, "-")
}

// plainCode is a code as it is compared: without what people add.
func plainCode(code string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, code))
}

// isRecoveryCode tells recovery codes from those of apps.
func isRecoveryCode(code string) bool { return len(plainCode(code)) > otp.DigitsSix.Length() }

// check takes a code of a confirmed factor, or a recovery code, and uses it up.
// It is false for a wrong one. Errors: RateLimited, Conflict.
func (f *Factors) check(ctx context.Context, u tandem.ConsoleUser, code string) (bool, error) {
	if err := f.take(u); err != nil {
		return false, err
	}
	if isRecoveryCode(code) {
		ok, err := f.store.UseRecoveryCode(ctx, u.ID, hash(plainCode(code)))
		if err != nil {
			return false, fmt.Errorf("use recovery code: %w", err)
		}
		return ok, nil
	}
	if _, confirmed, err := f.store.Factor(ctx, u.ID); tandem.ErrorCode(err) == tandem.NotFound || err == nil && !confirmed {
		return false, errNoFactor
	}
	return f.matches(ctx, u, code)
}

func (f *Factors) take(u tandem.ConsoleUser) error {
	return f.attempts.take(attempt{email: u.Email})
}

// matches compares a code with those of now, and uses its time step up: a code
// that somebody has looked on does not work again.
func (f *Factors) matches(ctx context.Context, u tandem.ConsoleUser, code string) (bool, error) {
	sealed, _, err := f.store.Factor(ctx, u.ID)
	if err != nil {
		return false, fmt.Errorf("read second factor: %w", err)
	}
	wrapped, err := f.store.PartnerKey(ctx, u.Partner, f.keys.NewPartnerKey)
	if err != nil {
		return false, err
	}
	secret, err := f.keys.Open(wrapped, factorPlace(u), sealed)
	if err != nil {
		return false, err
	}
	step, err := stepOf(string(secret), plainCode(code), time.Now())
	if err != nil || step == 0 {
		return false, err
	}
	return f.store.UseFactor(ctx, u.ID, sealed, step)
}

// stepOf is the time step about now that a code is of; 0: none.
func stepOf(secret, code string, now time.Time) (found int64, err error) {
	for drift := -codeDrift; drift <= codeDrift; drift++ {
		at := now.Add(time.Duration(drift) * codePeriod)
		want, err := totp.GenerateCode(secret, at)
		if err != nil {
			return 0, fmt.Errorf("make code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = at.Unix() / int64(codePeriod/time.Second)
		}
	}
	return found, nil
}
