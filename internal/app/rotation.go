package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/internal/vault"
)

// rotationBeat is the time between looks at whether a rotation has begun.
const rotationBeat = 5 * time.Second

// replacedKeys is the setting with the names of master keys that are no longer
// used, a line each.
const replacedKeys = "replaced master keys"

// errReplaced is a first master key that a rotation has replaced.
var errReplaced = errors.New("the first master key was replaced by a rotation: give the new one first, or alone")

// stage says where a rotation of the master key stands.
func (a *App) stage(ctx context.Context, v *vault.Vault) (stage vault.Rotation, check []byte, replaced []string, err error) {
	if check, err = a.store.Setting(ctx, keyCheck); err != nil {
		return 0, nil, nil, err
	}
	text, err := a.store.Setting(ctx, replacedKeys)
	if err != nil {
		return 0, nil, nil, err
	}
	replaced = strings.Fields(string(text))
	stage, err = v.Rotation(check, replaced)
	return stage, check, replaced, err
}

// rotate wraps all data keys by the new master key when there is one. It may be
// cut off at any time: the next start goes on. Nodes may do the same at once.
func (a *App) rotate(ctx context.Context) error {
	for swept := false; ; {
		stage, check, replaced, err := a.stage(ctx, a.vault)
		switch {
		case err != nil:
		case stage == vault.Begun:
			err = a.replaceMasterKey(ctx, check, replaced)
		case stage == vault.Ended && !swept:
			// Another node that ran on the old key may have made accounts
			// after the rotation. Each node looks when it begins anew.
			if _, err = a.store.RewrapKeys(ctx, a.vault.Rewrap); err == nil {
				swept, err = true, a.vault.Finish()
			}
		case stage == vault.Backwards:
			err = errReplaced
		}
		if err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, "rotation of the master key", "error", err)
		}
		if !wait(ctx, rotationBeat) {
			return nil
		}
	}
}

// replaceMasterKey makes rounds until nothing is left, each after every process
// with the same source has come to know the new key.
func (a *App) replaceMasterKey(ctx context.Context, check []byte, replaced []string) error {
	all := 0
	for left := 1; left > 0; {
		if !wait(ctx, a.vault.Settled()) {
			return ctx.Err()
		}
		var err error
		if left, err = a.store.RewrapKeys(ctx, a.vault.Rewrap); err != nil {
			return err
		}
		all += left
	}
	old, err := a.vault.Maker(check)
	if err != nil {
		return err
	}
	if check, err = a.vault.Check(); err != nil {
		return err
	}
	// In this order: with the new check value alone, the old key would not be
	// known as replaced; the other way round the next start repeats this.
	if err := a.store.SetSetting(ctx, replacedKeys, []byte(strings.Join(append(replaced, old), "\n"))); err != nil {
		return err
	}
	if err := a.store.SetSetting(ctx, keyCheck, check); err != nil {
		return err
	}
	if err := a.vault.Finish(); err != nil {
		return fmt.Errorf("take the old master key out of its file: %w", err)
	}
	a.log.InfoContext(ctx, "the new master key wraps all data keys", "rewrapped", all)
	return nil
}

// wait is false when ctx is done first.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
