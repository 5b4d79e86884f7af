package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"github.com/tandem-ipaas/tandem"
)

// chain makes the hashes of a partner's audit log. Each is an HMAC-SHA-256 of
// the one before and of all that an entry says, so whoever changes, takes out or
// moves an entry would have to make all later hashes anew, and cannot without the
// key, which is sealed by the vault. The end of the chain has a hash of its own,
// so that it cannot be moved back to an earlier entry either.
type chain []byte // the key

// entry is the hash of e, which comes after the entry that has the hash before.
func (c chain) entry(before []byte, e *tandem.AuditEntry) []byte {
	m := hmac.New(sha256.New, c)
	b := field(nil, "entry")
	b = field(b, before)
	for _, n := range []int64{int64(e.Partner), e.ID, micros(e.Created), int64(e.Count)} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, text := range []string{
		string(e.ActorType), e.ActorID, e.Actor, e.AccountID, e.Account, e.Action, e.Object, e.Sent, e.Outcome, e.Reason, e.RequestID, e.Address,
	} {
		b = field(b, text)
	}
	m.Write(b)
	return m.Sum(nil)
}

// head is the hash of the end of the chain.
func (c chain) head(p tandem.PartnerID, seq int64, hash []byte) []byte {
	m := hmac.New(sha256.New, c)
	b := field(nil, "head")
	b = binary.BigEndian.AppendUint64(b, uint64(p))
	b = binary.BigEndian.AppendUint64(b, uint64(seq))
	m.Write(field(b, hash))
	return m.Sum(nil)
}

// field appends a text with its length before it, so that no two lists of texts
// are alike.
func field[T string | []byte](b []byte, text T) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(len(text)))
	return append(b, text...)
}

// hexHead is the end of a chain as it is shown.
func hexHead(p tandem.PartnerID, seq int64, hash []byte) tandem.AuditHead {
	return tandem.AuditHead{Partner: p, ID: seq, Hash: hex.EncodeToString(hash)}
}
