package fake

import "net/http"

// tell sends something to all webhooks, and gives the status of the last answer.
func tell(hooks []map[string]any, send func(hook map[string]any) (*http.Response, error)) (status string, err error) {
	for _, hook := range hooks {
		resp, err := send(hook)
		if err != nil {
			return "", err
		}
		_ = resp.Body.Close() // nobody reads it
		status = resp.Status
	}
	return status, nil
}
