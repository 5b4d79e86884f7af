package utility

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// The most hours for which it is known what was passed on.
const maxEchoHours = 365 * 24

// preventer are the operations that keep two systems, which are updated from each
// other, from doing so for ever.
func preventer(store Storage) map[string]invoke.BuiltIn {
	check := func(side string) invoke.BuiltIn {
		return func(ctx context.Context, o invoke.Operation) (any, error) {
			return answer(checkUpdate(ctx, store, side, &input{Operation: &o}))
		}
	}
	return map[string]invoke.BuiltIn{"preventer.inbound": check("in"), "preventer.outbound": check("out")}
}

// checkUpdate says whether an update of an entity from one side is to go on to the
// other, and if so remembers it.
func checkUpdate(ctx context.Context, store Storage, side string, in *input) (any, error) {
	entity, key := strings.TrimSpace(in.written("Entity")), strings.TrimSpace(in.written("Key"))
	life := time.Duration(in.number("ExpiryHours", 30*24, 1, maxEchoHours)) * time.Hour
	fold := in.yes("IgnoreCase", false)
	values, _ := in.member("Values").(map[string]any)
	switch {
	case in.err != nil:
		return nil, in.err
	case key == "":
		return nil, buildError("Key is required: what names the entity in both systems, such as an email address or a shared number")
	case len(values) == 0:
		return nil, buildError("Values is required: map the fields that are compared")
	}
	hash := valuesHash(values, fold)
	of := tandem.Storage{Account: in.Account, Purpose: tandem.StoredEchoes}
	reason, err := store.Change(ctx, of, in.IdempotencyKey, entityKey(entity, key), life, func(old *string) (*string, string, error) {
		var e echo
		if old != nil {
			if err := json.Unmarshal([]byte(*old), &e); err != nil {
				return nil, "", err
			}
		}
		reason := e.decide(hash, side, time.Now())
		text, err := json.Marshal(e)
		now := string(text)
		return &now, string(reason), err
	})
	return map[string]any{"Key": key, "UpdateOk": verdict(reason).ok(), "Reason": reason}, err
}

// entityKey names an entity, whose own name may tell of a person, so that it is
// found and not read.
func entityKey(entity, key string) string {
	sum := sha256.Sum256([]byte(entity + "\x00" + key))
	return hex.EncodeToString(sum[:])
}
