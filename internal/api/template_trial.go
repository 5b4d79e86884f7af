package api

import (
	"context"

	"github.com/tandem-ipaas/tandem/internal/policy"
)

func (a *API) tryRelease(ctx context.Context, at policy.Place, in *ReleasePath) (*object[cycleShape], error) {
	c, err := a.services.Trials.Try(ctx, at.Partner, at.Account, in.ID.Value, in.ReleaseID.Value)
	if err != nil {
		return nil, err
	}
	return a.cycleShape(ctx, at, c)
}
