package app

import (
	"context"
	"fmt"
	"time"
)

// rotationBeat is the time between looks at whether a rotation has begun.
const rotationBeat = 5 * time.Second

// rotate wraps all data keys by the new master key when there is one. It may be
// cut off at any time: the next start goes on. Nodes may do the same at once.
func (a *App) rotate(ctx context.Context) error {
	for done := false; ; {
		if !a.vault.Rotating() {
			done = false
		} else if !done {
			err := a.rotateOnce(ctx)
			if done = err == nil; !done && ctx.Err() == nil {
				a.log.WarnContext(ctx, "rotation of the master key did not end", "error", err)
			}
		}
		if !wait(ctx, rotationBeat) {
			return nil
		}
	}
}

// rotateOnce makes a second round for accounts that were made during the first.
func (a *App) rotateOnce(ctx context.Context) error {
	all := 0
	for round := range 2 {
		if round > 0 && !wait(ctx, a.vault.Settled()) {
			return ctx.Err()
		}
		n, err := a.store.RewrapKeys(ctx, a.vault.Rewrap)
		if all += n; err != nil {
			return err
		}
	}
	check, err := a.vault.Check()
	if err == nil {
		err = a.store.SetSetting(ctx, keyCheck, check)
	}
	if err == nil {
		err = a.vault.Finish()
	}
	if err != nil {
		return fmt.Errorf("end the rotation of the master key: %w", err)
	}
	a.log.InfoContext(ctx, "the new master key wraps all data keys; the old one is not needed any more", "rewrapped", all)
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
