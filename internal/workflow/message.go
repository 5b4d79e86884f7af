package workflow

import (
	"errors"

	"github.com/tandem-ipaas/tandem"
)

// message is what an error says to a person.
func message(err error) string {
	var e *tandem.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}
