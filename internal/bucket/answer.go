package bucket

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// refused is an answer that says why not.
type refused struct {
	Status  int `xml:"-"`
	Code    string
	Message string
}

func (r *refused) read(body []byte) { _ = xml.Unmarshal(body, r) } // what is no XML says nothing

func (r *refused) Error() string {
	return strings.TrimSpace(fmt.Sprintf("the blob storage answered %d %s %s", r.Status, r.Code, r.Message))
}

// listing is a page of names.
type listing struct {
	Contents []struct {
		Key          string
		LastModified time.Time
	}
	IsTruncated           bool
	NextContinuationToken string
}

// Each gives the names that begin with a prefix, and for how long they have been
// there. What it calls may delete.
func (b *Bucket) Each(ctx context.Context, prefix string, do func(name string, age time.Duration) error) error {
	for token := ""; ; {
		body, err := b.do(ctx, http.MethodGet, b.at.list(prefix, token), nil, http.StatusOK)
		if err != nil {
			return fmt.Errorf("list %s: %w", prefix, err)
		}
		var page listing
		if err := xml.Unmarshal(body, &page); err != nil {
			return fmt.Errorf("list %s: %w", prefix, err)
		}
		for _, c := range page.Contents {
			name, ok := strings.CutPrefix(c.Key, b.at.prefix)
			if !ok {
				continue
			}
			if err := do(name, time.Since(c.LastModified)); err != nil {
				return err
			}
		}
		if token = page.NextContinuationToken; !page.IsTruncated || token == "" {
			return nil
		}
	}
}
