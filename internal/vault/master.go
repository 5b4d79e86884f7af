package vault

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// masterKeySize is what XChaCha20-Poly1305 takes, in bytes. Its long nonces
// let one key wrap any number of data keys.
const masterKeySize = 32

// masterKey is one key, with a name that tells nothing of it.
type masterKey struct {
	tink.AEAD
	name string
}

// master is the master keys as their source gives them. The first wraps; the
// others, of an unfinished rotation, only unwrap. It implements tink.AEAD.
type master struct {
	source Source

	reading sync.Mutex // held while the source is read, which may take long
	read    time.Time  // when it was tried last

	mu   sync.Mutex
	keys []masterKey
}

// Encrypt implements tink.AEAD.
func (m *master) Encrypt(plain, data []byte) ([]byte, error) {
	m.refresh()
	return m.ring()[0].Encrypt(plain, data)
}

// Decrypt implements tink.AEAD.
func (m *master) Decrypt(sealed, data []byte) ([]byte, error) {
	plain, _, err := decrypt(m.ring(), sealed, data)
	if err != nil && m.refresh() {
		plain, _, err = decrypt(m.ring(), sealed, data)
	}
	return plain, err
}

// decrypt says which key did it.
func decrypt(keys []masterKey, sealed, data []byte) (plain []byte, by int, err error) {
	for by, key := range keys {
		if plain, err = key.Decrypt(sealed, data); err == nil {
			return plain, by, nil
		}
	}
	return nil, 0, err
}

func (m *master) ring() []masterKey {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.keys
}

// refresh reads the source again, unless that was done a moment ago. What it
// gave before is kept while it cannot be read.
func (m *master) refresh() bool {
	m.reading.Lock()
	defer m.reading.Unlock()
	if m.source.fixed() || time.Since(m.read) < m.source.reread() {
		return false
	}
	keys, err := m.source.load()
	if err != nil {
		m.read = time.Now().Add(retry - m.source.reread())
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.read, m.keys = time.Now(), keys
	return true
}

// retry is when a source that could not be read is tried again.
const retry = 5 * time.Second

// parse reads master keys, each in base64, apart by spaces, line ends or commas.
// Name is where the text is from; the text itself stays out of the error.
func parse(name, text string) ([]masterKey, error) {
	var keys []masterKey
	for _, word := range words(text) {
		key, err := base64.StdEncoding.DecodeString(word)
		if err != nil {
			return nil, fmt.Errorf("%s: the master key is not base64; make one with: openssl rand -base64 %d", name, masterKeySize)
		}
		if len(key) != masterKeySize {
			return nil, fmt.Errorf("%s: the master key has %d bytes, want %d; make one with: openssl rand -base64 %d",
				name, len(key), masterKeySize, masterKeySize)
		}
		cipher, err := subtle.NewXChaCha20Poly1305(key)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		keys = append(keys, masterKey{cipher, nameOf(key)})
	}
	return keys, nil
}

// nameOf is a name of a key from which it cannot be found.
func nameOf(key []byte) string {
	sum := sha256.Sum256(append([]byte("name of a master key: "), key...))
	return hex.EncodeToString(sum[:12])
}

// words are the keys in a text; one, empty, if there is none.
func words(text string) []string {
	all := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n,", r) })
	if len(all) == 0 {
		return []string{""}
	}
	return all
}

// Rotation is where a rotation of the master key stands.
type Rotation int

// The stages of a rotation.
const (
	NoRotation Rotation = iota // one key, or a second one that is not in use yet
	Begun                      // the first key is new: data keys are to be wrapped by it
	Ended                      // all were, but another process may have used the old key since
	Backwards                  // the first key was replaced before: it must not be used
)

// Rotation says where a rotation stands, given the check value and the names of
// keys that were replaced before.
func (v *Vault) Rotation(check []byte, replaced []string) (Rotation, error) {
	v.master.refresh()
	keys := v.master.ring()
	_, by, err := decrypt(keys, check, []byte(checkData))
	switch {
	case err != nil:
		return NoRotation, ErrWrongKey
	case slices.Contains(replaced, keys[0].name):
		return Backwards, nil
	case by != 0:
		return Begun, nil
	case slices.ContainsFunc(keys[1:], func(k masterKey) bool { return slices.Contains(replaced, k.name) }):
		return Ended, nil
	}
	return NoRotation, nil
}

// Maker is the name of the key that a check value was made by.
func (v *Vault) Maker(check []byte) (string, error) {
	keys := v.master.ring()
	_, by, err := decrypt(keys, check, []byte(checkData))
	if err != nil {
		return "", ErrWrongKey
	}
	return keys[by].name, nil
}

// Settled is how long after a rotation began every process that has the same
// source wraps by the new key.
func (v *Vault) Settled() time.Duration {
	if v.master.source.fixed() {
		return 0
	}
	return v.master.source.reread() + time.Second
}

// Rewrap gives a data key as the first master key wraps it; nil if it is so
// wrapped already.
func (v *Vault) Rewrap(wrapped []byte, of Owner) ([]byte, error) {
	if _, err := read(v.master.ring()[0], wrapped, of); err == nil {
		return nil, nil
	}
	handle, err := read(v.master, wrapped, of)
	if err != nil {
		return nil, err
	}
	return v.wrap(handle, of)
}

// Finish takes all master keys but the first out of the key's file, when nothing
// is wrapped by them any more. From the environment, or a command's output, the
// operator takes them out.
func (v *Vault) Finish() error {
	if v.master.source.fixed() || v.master.source.Command != "" {
		return nil
	}
	return v.master.source.keepFirst()
}

// errRotating is a rotation that begins before another ended.
var errRotating = errors.New("a rotation of the master key is under way: there are several keys already")
