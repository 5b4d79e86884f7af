package merge

import "fmt"

// SyntaxError says what is wrong with a text, and where.
type SyntaxError struct {
	Text   string
	Offset int // in bytes, from 0
	Reason string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("merge field at character %d: %s", len([]rune(e.Text[:e.Offset]))+1, e.Reason)
}

// FieldError says which function could not work on a field's value. The value
// itself may be a secret and is not in it.
type FieldError struct {
	Field    string
	Function string
	Reason   string
}

func (e *FieldError) Error() string {
	return fmt.Sprintf("merge field %s: function %s: %s", e.Field, e.Function, e.Reason)
}
