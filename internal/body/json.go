package body

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

func encodeJSON(doc any) (Body, error) {
	text, err := JSON(doc)
	if err != nil {
		return Body{}, fmt.Errorf("JSON: %w", err)
	}
	return whole("application/json", text), nil
}

// decodeJSON reads JSON, with numbers as they are written. Of members with the
// same name the last one counts.
func decodeJSON(src Source) (any, error) {
	r, err := utf8Reader(src.Body, "", nil) // JSON is UTF-8, whatever the header says, unless a mark says otherwise
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(r)
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("the body is not JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the body has more after its JSON")
	}
	return doc, nil
}
