// Package vault encrypts what customers entrust to us: the credentials of
// their connectors, above all.
//
// It is an envelope of two layers. Each account has a data key, made by
// [Vault.NewDataKey] and kept in the database only as the master key has
// wrapped it. The master key is kept outside the database (see [Source]), so
// that who has a copy of the database alone has no secrets. Data keys are Tink
// keysets, which can hold older keys beside the one in use.
//
// A sealed value is bound to its [Place], account, record and field: copied
// into another row or column it does not open, and neither does a data key in
// another account.
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
	master tink.AEAD

	mu        sync.Mutex
	unwrapped map[dataKey]tink.AEAD
}

// dataKey names an unwrapped data key: by its account too, so that one wrapped
// for another account is not found.
type dataKey struct {
	account tandem.AccountID
	wrapped string
}

// Place is where a sealed value is kept, and the only place where it opens.
type Place struct {
	Account tandem.AccountID
	Record  string // the row's id, such as "account_connector 17"
	Field   string // the column, or the property's name
}

func newVault(master tink.AEAD) *Vault {
	return &Vault{master: master, unwrapped: map[dataKey]tink.AEAD{}}
}

// NewDataKey makes an account's data key and returns it wrapped, to be kept
// with the account.
func (v *Vault) NewDataKey(account tandem.AccountID) ([]byte, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make data key of account %d: %w", account, err)
	}
	var wrapped bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&wrapped), v.master, accountData(account)); err != nil {
		return nil, fmt.Errorf("wrap data key of account %d: %w", account, err)
	}
	return wrapped.Bytes(), nil
}

// Seal encrypts plain with the account's data key, for the given place.
func (v *Vault) Seal(wrapped []byte, at Place, plain tandem.Secret) ([]byte, error) {
	key, err := v.unwrap(wrapped, at.Account)
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
// for another place or with another account's key.
func (v *Vault) Open(wrapped []byte, at Place, sealed []byte) (tandem.Secret, error) {
	key, err := v.unwrap(wrapped, at.Account)
	if err != nil {
		return "", err
	}
	plain, err := key.Decrypt(sealed, at.data())
	if err != nil {
		return "", fmt.Errorf("open %s: %w", at, err)
	}
	return tandem.Secret(plain), nil
}

// unwrap gives an account's data key ready for use, from memory if it is there.
func (v *Vault) unwrap(wrapped []byte, account tandem.AccountID) (tink.AEAD, error) {
	name := dataKey{account, string(wrapped)}
	v.mu.Lock()
	defer v.mu.Unlock()
	if key, ok := v.unwrapped[name]; ok {
		return key, nil
	}
	handle, err := keyset.ReadWithAssociatedData(
		keyset.NewBinaryReader(bytes.NewReader(wrapped)), v.master, accountData(account))
	if err != nil {
		return nil, fmt.Errorf("unwrap data key of account %d: %w", account, err)
	}
	key, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("use data key of account %d: %w", account, err)
	}
	if len(v.unwrapped) >= maxUnwrapped {
		for victim := range v.unwrapped { // map order is as good as random
			delete(v.unwrapped, victim)
			break
		}
	}
	v.unwrapped[name] = key
	return key, nil
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
func (p Place) String() string {
	return fmt.Sprintf("%s of %s of account %d", p.Field, p.Record, p.Account)
}

// data is the associated data. Quotes keep the parts apart, whatever they hold.
func (p Place) data() []byte {
	return fmt.Appendf(nil, "%d|%q|%q", p.Account, p.Record, p.Field)
}

func accountData(account tandem.AccountID) []byte {
	return fmt.Appendf(nil, "account|%d", account)
}
