package catalog_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Servers that do not answer hold up the partner that imports from them, one import
// at a time, and nobody else.
func TestImportsOfOthersGoOn(t *testing.T) {
	imports, _, _ := importing(t, true)
	asked := make(chan struct{}, 8)
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- struct{}{}
		<-hang
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(hang) })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ended := make(chan error, 5)
	for _, p := range []tandem.PartnerID{1, 1, 1, 2, 3} {
		go func() {
			_, err := imports.Import(ctx, p, tandem.ConnectorImport{URL: server.URL, DryRun: true})
			ended <- err
		}()
	}
	for range 3 {
		<-asked
	}
	if _, err := imports.Import(ctx, 4, tandem.ConnectorImport{Document: []byte(shop), DryRun: true}); err != nil {
		t.Errorf("the import of another: %v", err)
	}
	short, stop := context.WithTimeout(ctx, 50*time.Millisecond)
	defer stop()
	if _, err := imports.Import(short, 1, tandem.ConnectorImport{Document: []byte(shop), DryRun: true}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a further one of the same partner: %v", err)
	}
	if n := len(asked); n != 0 {
		t.Errorf("%d more were fetched for a partner that waits", n)
	}
	cancel()
	for range 5 {
		<-ended
	}
	if _, err := imports.Import(t.Context(), 1, tandem.ConnectorImport{Document: []byte(shop), DryRun: true}); err != nil {
		t.Errorf("after that: %v", err)
	}
}
