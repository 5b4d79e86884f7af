package utility

import (
	"context"

	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// attached finds a file of a request, in any of the forms that body.File tells;
// nil if there is none.
func attached(ctx context.Context, files body.Files, v any) (*body.Upload, *invoke.Error) {
	u, err := body.NewUpload(ctx, v, files)
	if err != nil {
		return nil, notKept(ctx, err)
	}
	return u, nil
}
