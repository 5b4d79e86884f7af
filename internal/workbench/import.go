package workbench

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/connector/openapi"
)

// Import makes a definition of an OpenAPI document: a file, or an address of http
// or https, which is fetched as all calls are. The options' URL is where the document
// was in the end, unless they have one.
func Import(ctx context.Context, from string, reach Reach, o openapi.Options) (*connector.Connector, connector.ImportReport, error) {
	data, at, err := document(ctx, from, reach)
	if err != nil {
		return nil, connector.ImportReport{}, err
	}
	o.URL = cmp.Or(o.URL, at)
	c, report, err := openapi.Import(data, o)
	if err != nil {
		return nil, report, fmt.Errorf("%s: %w", from, err)
	}
	return c, report, nil
}

// document reads what is imported, and says at which address it was; a file has
// none.
func document(ctx context.Context, from string, reach Reach) (data []byte, at string, err error) {
	if !strings.HasPrefix(from, "http://") && !strings.HasPrefix(from, "https://") {
		data, err = os.ReadFile(from)
		return data, "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, "", err
	}
	client, err := reach.client(openapi.MaxBytes)
	if err != nil {
		return nil, "", err
	}
	defer client.Close()
	resp, err := client.HTTP().Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, "", fmt.Errorf("%s: the answer has the status %d", from, resp.StatusCode)
	}
	if data, err = io.ReadAll(resp.Body); err != nil {
		return nil, "", fmt.Errorf("%s: %w", from, err)
	}
	return data, resp.Request.URL.String(), nil
}
