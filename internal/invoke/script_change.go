package invoke

import (
	"encoding/json"
	"errors"

	"github.com/tandem-ipaas/tandem/internal/merge"
)

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// changedText reads a changed global that is a text.
func changedText(c changes, name string) (s string, ok bool, err error) {
	raw, ok := c[name]
	if !ok || isNull(raw) {
		return "", false, nil
	}
	if json.Unmarshal(raw, &s) != nil {
		return "", false, errors.New(name + " must be a text")
	}
	return s, true, nil
}

// changedTexts reads a changed global that is an object of texts; what is null in it is
// left out.
func changedTexts(c changes, name string) (map[string]string, bool, error) {
	raw, ok := c[name]
	if !ok || isNull(raw) {
		return nil, false, nil
	}
	doc, err := decode(raw)
	if err != nil {
		return nil, false, err
	}
	members, ok := doc.(map[string]any)
	if !ok {
		return nil, false, errors.New(name + " must be an object")
	}
	texts := make(map[string]string, len(members))
	for n, v := range members {
		if v != nil {
			texts[n] = merge.Text(v)
		}
	}
	return texts, true, nil
}
