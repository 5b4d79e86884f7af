package tandem

import (
	"strings"
	"unicode/utf8"
)

// MaxName is how long names may be, in characters.
const MaxName = 255

// CheckName trims a name. Errors: Invalid (it is empty, or too long).
func CheckName(name *string) error {
	switch *name = strings.TrimSpace(*name); {
	case *name == "":
		return Invalidf("Name", "Name is required")
	case utf8.RuneCountInString(*name) > MaxName:
		return Invalidf("Name", "Name: at most %d characters", MaxName)
	}
	return nil
}

// CheckLimit refuses a number below zero. Errors: Invalid.
func CheckLimit(field string, n *int) error {
	if n != nil && *n < 0 {
		return Invalidf(field, "%s (%d): must be non negative", field, *n)
	}
	return nil
}

// Check holds hours to what may be kept. Errors: Invalid (below zero).
func (r *Retention) Check() error {
	for _, h := range []struct {
		field string
		hours **int
	}{{"StepDataSuccessRetentionHours", &r.Success}, {"StepDataErroredRetentionHours", &r.Errored}} {
		if err := CheckLimit(h.field, *h.hours); err != nil {
			return err
		}
		if *h.hours != nil {
			*h.hours = new(min(**h.hours, MaxRetentionHours))
		}
	}
	return nil
}
