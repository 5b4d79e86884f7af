package tandem

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Ids of a partner and of what an account holds. AccountID is internal: the
// outside world names an account by its API ID, which is unique within a
// partner only.
type (
	PartnerID          int64
	AccountID          int64
	UserID             int64
	ConsoleUserID      int64
	ConnectorID        int64
	AccountConnectorID int64
	MethodID           int64
	IncidentID         int64
)

// Ids that are GUIDs, in lower-case text.
type (
	FolderID   string
	TemplateID string
	ReleaseID  string
	CycleID    string
	StepID     string
	EdgeID     string
)

// NewGUID returns a random GUID (version 4) in lower-case text.
func NewGUID() string { return uuid.NewString() }

// KeyGUID returns the GUID (version 5) that stands for a text.
func KeyGUID(text string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(text)).String()
}

var guidPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

// ParseGUID returns s in lower case.
//
// Errors: Invalid, naming field, when s is not a GUID.
func ParseGUID(field, s string) (string, error) {
	if !guidPattern.MatchString(s) {
		return "", &Error{Code: Invalid, Field: field, Message: fmt.Sprintf("%s: %q is not a GUID", field, s)}
	}
	return strings.ToLower(s), nil
}

// EpochMillis is when transaction ids begin: 2020-01-01, in milliseconds since
// 1970.
const EpochMillis = 1577836800000

// TransactionID is a time-ordered number: milliseconds since [EpochMillis] in
// 41 bits, then 10 bits of node and 12 of sequence. It is the key of the
// busiest tables, so it is a number there; everywhere else it reads as a GUID.
type TransactionID int64

// GUID bytes 9 to 15 hold this tag, so that a random GUID is not taken for a
// transaction.
var transactionTag = [7]byte{'t', 'a', 'n', 'd', 'e', 'm', 1}

// String returns the id as a GUID (version 8, RFC 9562).
func (id TransactionID) String() string {
	var u uuid.UUID
	n := uint64(id)
	binary.BigEndian.PutUint64(u[:8], n>>16<<16|0x8000|(n&0xffff)>>4)
	u[8] = 0x80 | byte(n&0xf)
	copy(u[9:], transactionTag[:])
	return u.String()
}

// Made is when the transaction was made, to the millisecond.
func (id TransactionID) Made() time.Time { return time.UnixMilli(int64(id)>>22 + EpochMillis) }

// MarshalText implements encoding.TextMarshaler.
func (id TransactionID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (id *TransactionID) UnmarshalText(b []byte) (err error) {
	*id, err = ParseTransactionID(string(b))
	return err
}

// ParseTransactionID reads what String writes.
//
// Errors: Invalid when s is not a GUID; NotFound when it is one that no
// transaction can have.
func ParseTransactionID(s string) (TransactionID, error) {
	guid, err := ParseGUID("TransactionId", s)
	if err != nil {
		return 0, err
	}
	var u [16]byte
	if _, err := hex.Decode(u[:], []byte(strings.ReplaceAll(guid, "-", ""))); err != nil {
		return 0, err
	}
	hi := binary.BigEndian.Uint64(u[:8])
	id := TransactionID(hi>>16<<16 | (hi&0xfff)<<4 | uint64(u[8]&0xf))
	if id.String() != guid {
		return 0, NotFoundf("Transaction %s could not be found.", s)
	}
	return id, nil
}
