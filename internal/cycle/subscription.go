package cycle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
)

// subscription is what is known of a webhook at its third party. As text it is the
// Remote of a tandem.Webhook.
type subscription struct {
	// Parameters are those of the webhook's step when the third party was asked to
	// call. It is asked to call no more with the same, whatever the step has by then.
	Parameters map[string]string `json:",omitempty"`
	ID         string            `json:"Id,omitempty"` // which the third party gave; some give none
	// Key is the Idempotency-Key of a request to call of which it is not known what
	// came. It is written down before, so that after a crash the request is made
	// again, not another one.
	Key string `json:",omitempty"`
}

func (s subscription) text() string {
	text, err := json.Marshal(s)
	if err != nil {
		panic("cycle: texts that are not JSON: " + err.Error())
	}
	return string(text)
}

// asking is what a key was written after when there was nothing else to write down;
// an id stood there as it is.
const asking = "asking:"

// readSubscription reads what is known; of nothing, the zero value.
func readSubscription(text string) (s subscription) {
	if strings.HasPrefix(text, "{") && json.Unmarshal([]byte(text), &s) == nil {
		return s
	}
	if key, ok := strings.CutPrefix(text, asking); ok {
		return subscription{Key: key}
	}
	return subscription{ID: text}
}

// answered reads what a third party gave a webhook: its id, or the secret that it
// signs with. Some give none.
func answered(m *connector.Method, system string, body []byte) (string, error) {
	for _, f := range m.ResponseFields {
		if f.SystemField != system {
			continue
		}
		at, err := connector.ParseLocation(f.ConnectorField)
		if err != nil {
			return "", err
		}
		var doc any
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber() // ids may be long numbers
		if err := d.Decode(&doc); err != nil {
			return "", fmt.Errorf("the answer is not JSON")
		}
		id, ok := at.Get(doc)
		if !ok || id == nil {
			return "", fmt.Errorf("the answer has no %s", f.ConnectorField)
		}
		return idText(f.ConnectorField, id)
	}
	return "", nil
}

// maxRemoteID is how many bytes of an id are kept.
const maxRemoteID = 1000

// idText is an id as text that every database takes.
func idText(field string, id any) (string, error) {
	var text string
	switch id := id.(type) {
	case string:
		text = id
	case json.Number:
		text = string(id)
	default:
		return "", fmt.Errorf("the answer's %s is neither text nor a number", field)
	}
	if len(text) > maxRemoteID || strings.IndexByte(text, 0) >= 0 {
		return "", fmt.Errorf("the answer's %s cannot be an id", field)
	}
	return text, nil
}
