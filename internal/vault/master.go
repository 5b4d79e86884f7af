package vault

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// masterKeySize is what XChaCha20-Poly1305 takes, in bytes. Its long nonces
// let one key wrap any number of data keys.
const masterKeySize = 32

// master is the master keys as their source gives them. The first wraps; the
// others, of an unfinished rotation, only unwrap. It implements tink.AEAD.
type master struct {
	source Source

	mu   sync.Mutex
	keys []tink.AEAD
	read time.Time
}

// Encrypt implements tink.AEAD.
func (m *master) Encrypt(plain, data []byte) ([]byte, error) {
	m.refresh()
	return m.ring()[0].Encrypt(plain, data)
}

// Decrypt implements tink.AEAD.
func (m *master) Decrypt(sealed, data []byte) ([]byte, error) {
	plain, err := decrypt(m.ring(), sealed, data)
	if err != nil && m.refresh() {
		plain, err = decrypt(m.ring(), sealed, data)
	}
	return plain, err
}

func decrypt(keys []tink.AEAD, sealed, data []byte) (plain []byte, err error) {
	for _, key := range keys {
		if plain, err = key.Decrypt(sealed, data); err == nil {
			return plain, nil
		}
	}
	return nil, err
}

func (m *master) ring() []tink.AEAD {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.keys
}

// refresh reads the source again, unless that was done a moment ago. What it
// gave before is kept while it cannot be read.
func (m *master) refresh() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.source.fixed() || time.Since(m.read) < m.source.reread() {
		return false
	}
	m.read = time.Now()
	keys, err := m.source.load()
	if err != nil {
		return false
	}
	m.keys = keys
	return true
}

// parse reads master keys, each in base64, apart by spaces, line ends or commas.
// Name is where the text is from; the text itself stays out of the error.
func parse(name, text string) ([]tink.AEAD, error) {
	var keys []tink.AEAD
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
		keys = append(keys, cipher)
	}
	return keys, nil
}

// words are the keys in a text; one, empty, if there is none.
func words(text string) []string {
	all := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n,", r) })
	if len(all) == 0 {
		return []string{""}
	}
	return all
}

// Rotating says whether the source gives more than one master key: what the
// later ones have wrapped is to be wrapped by the first.
func (v *Vault) Rotating() bool {
	v.master.refresh()
	return len(v.master.ring()) > 1
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
