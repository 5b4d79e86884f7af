// Package vault encrypts what customers entrust to us: the credentials of
// their connectors, above all.
//
// It is an envelope of two layers. Each account has a data key, made by
// [Vault.NewDataKey] and kept in the database only as the master key has
// wrapped it; so has each partner, for secrets of its own ([Vault.NewPartnerKey]). The master key is kept outside the database (see [Source]), so
// that who has a copy of the database alone has no secrets. Data keys are Tink
// keysets, which can hold older keys beside the one in use.
//
// A sealed value is bound to its [Place], owner, record and field: copied into
// another row or column it does not open, and neither does a data key of another
// account or partner.
//
// The database keeps a check value, made by [Vault.Check], by which [Unlock]
// refuses a wrong or missing master key at the start rather than failing on
// the first secret. Starting therefore goes like this:
//
//	check := the database's check value, nil in a new database
//	v, err := vault.Unlock(source, check)
//	if check == nil {
//		store v.Check() unless another node has stored one by now
//		v.Verify(the one that is stored)
//	}
//
// To rotate the master key, the source gives the new one and the old one, in this
// order; [Vault.Rewrap] goes over all data keys; then the old one can go. The
// check value says by which key all are wrapped: see [Vault.Rotation].
package vault

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/tandem-ipaas/tandem"
)

// ErrWrongKey says that the master key is not the one that the database's
// secrets were encrypted with.
var ErrWrongKey = errors.New("the master key is not the one that this database was made with: " +
	"restore the file master.key, or set " + Env + " to the right key")

// maxUnwrapped is how many accounts' data keys are kept ready in memory, about
// 2 KB each. Unwrapping one takes some 20 µs.
const maxUnwrapped = 4096

// Vault seals and opens secrets. It is safe for use by many goroutines.
type Vault struct {
	master *master

	mu        sync.Mutex
	unwrapped map[dataKey]tink.AEAD
}

// Owner is whose a data key is: an account's, or, with Account 0, a partner's.
type Owner struct {
	Partner tandem.PartnerID
	Account tandem.AccountID
}

// dataKey names an unwrapped data key: by its owner too, so that one wrapped for
// another is not found.
type dataKey struct {
	owner   Owner
	wrapped string
}

// Place is where a sealed value is kept, and the only place where it opens: a
// record of an account, or of a partner.
type Place struct {
	Partner tandem.PartnerID // of a partner's own record; else 0
	Account tandem.AccountID
	Record  string // the row's id, such as "account_connector 17"
	Field   string // the column, or the property's name
}

func (p Place) owner() Owner { return Owner{p.Partner, p.Account} }

func newVault(m *master) *Vault {
	return &Vault{master: m, unwrapped: map[dataKey]tink.AEAD{}}
}

// NewDataKey makes an account's data key and returns it wrapped, to be kept
// with the account.
func (v *Vault) NewDataKey(account tandem.AccountID) ([]byte, error) {
	return v.newKey(Owner{Account: account})
}

// NewPartnerKey is NewDataKey for a partner's own secrets.
func (v *Vault) NewPartnerKey(p tandem.PartnerID) ([]byte, error) { return v.newKey(Owner{Partner: p}) }

func (v *Vault) newKey(of Owner) ([]byte, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make data key of %s: %w", of, err)
	}
	return v.wrap(handle, of)
}

func (v *Vault) wrap(handle *keyset.Handle, of Owner) ([]byte, error) {
	var wrapped bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&wrapped), v.master, of.data()); err != nil {
		return nil, fmt.Errorf("wrap data key of %s: %w", of, err)
	}
	return wrapped.Bytes(), nil
}

// Seal encrypts plain with the owner's data key, for the given place.
func (v *Vault) Seal(wrapped []byte, at Place, plain tandem.Secret) ([]byte, error) {
	key, err := v.unwrap(wrapped, at.owner())
	if err != nil {
		return nil, err
	}
	sealed, err := key.Encrypt([]byte(plain), at.data())
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", at, err)
	}
	return sealed, nil
}

// Open decrypts what Seal made. It fails when sealed was altered, was sealed
// for another place or with another owner's key.
func (v *Vault) Open(wrapped []byte, at Place, sealed []byte) (tandem.Secret, error) {
	key, err := v.unwrap(wrapped, at.owner())
	if err != nil {
		return "", err
	}
	plain, err := key.Decrypt(sealed, at.data())
	if err != nil {
		return "", fmt.Errorf("open %s: %w", at, err)
	}
	return tandem.Secret(plain), nil
}

// unwrap gives a data key ready for use, from memory if it is there.
func (v *Vault) unwrap(wrapped []byte, of Owner) (tink.AEAD, error) {
	name := dataKey{of, string(wrapped)}
	if key, ok := v.ready(name); ok {
		return key, nil
	}
	handle, err := read(v.master, wrapped, of)
	if err != nil {
		return nil, err
	}
	key, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("use data key of %s: %w", of, err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.unwrapped) >= maxUnwrapped {
		for victim := range v.unwrapped { // map order is as good as random
			delete(v.unwrapped, victim)
			break
		}
	}
	v.unwrapped[name] = key
	return key, nil
}

func (v *Vault) ready(name dataKey) (tink.AEAD, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	key, ok := v.unwrapped[name]
	return key, ok
}

func read(with tink.AEAD, wrapped []byte, of Owner) (*keyset.Handle, error) {
	handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(wrapped)), with, of.data())
	if err != nil {
		return nil, fmt.Errorf("unwrap data key of %s: %w", of, err)
	}
	return handle, nil
}

const (
	checkText = "tandem"
	checkData = "check"
)

// Check returns a value to keep in the database, by which Verify, and Unlock,
// know the master key again.
func (v *Vault) Check() ([]byte, error) {
	check, err := v.master.Encrypt([]byte(checkText), []byte(checkData))
	if err != nil {
		return nil, fmt.Errorf("make check value: %w", err)
	}
	return check, nil
}

// Verify says whether check was made with this master key.
//
// Errors: [ErrWrongKey].
func (v *Vault) Verify(check []byte) error {
	text, err := v.master.Decrypt(check, []byte(checkData))
	if err != nil || string(text) != checkText {
		return ErrWrongKey
	}
	return nil
}

// String is for messages.
func (p Place) String() string { return fmt.Sprintf("%s of %s of %s", p.Field, p.Record, p.owner()) }

// data is the associated data. Quotes keep the parts apart, whatever they hold.
func (p Place) data() []byte {
	if p.Partner != 0 {
		return fmt.Appendf(nil, "partner %d|%q|%q", p.Partner, p.Record, p.Field)
	}
	return fmt.Appendf(nil, "%d|%q|%q", p.Account, p.Record, p.Field)
}

// String is for messages.
func (o Owner) String() string {
	if o.Partner != 0 {
		return fmt.Sprintf("partner %d", o.Partner)
	}
	return fmt.Sprintf("account %d", o.Account)
}

func (o Owner) data() []byte {
	if o.Partner != 0 {
		return fmt.Appendf(nil, "partner|%d", o.Partner)
	}
	return fmt.Appendf(nil, "account|%d", o.Account)
}
