package tandem

import "log/slog"

// Secret is a credential in plain text. It prints, logs and marshals as ***;
// convert it to a string where, and only where, it is put to use.
type Secret string

const masked = "***"

// String implements fmt.Stringer.
func (Secret) String() string { return masked }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return masked }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(masked) }

// MarshalText implements encoding.TextMarshaler.
func (Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }
