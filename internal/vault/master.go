package vault

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"

	"github.com/tandem-ipaas/tandem"
)

// Env is the environment variable that gives the master key.
const Env = "TANDEM_MASTER_KEY"

// masterKeySize is what XChaCha20-Poly1305 takes, in bytes. Its long nonces
// let one key wrap any number of data keys.
const masterKeySize = 32

// ErrNoKey says that the database has secrets but there is no master key.
var ErrNoKey = errors.New("the master key is missing")

// Source is where the master key comes from: 32 random bytes in base64, as
// "openssl rand -base64 32" prints them.
type Source struct {
	Value tandem.Secret // the key itself, from the environment; "": see Path
	Path  string        // the key's file, made at the first start with mode 0600
}

// Unlock takes the master key from its source. Check is the check value that
// the database holds; nil says that the database is new, and only then is a
// key file made that is not there.
//
// Errors: [ErrNoKey], [ErrWrongKey]; else the message says what is wrong with
// the key's value or its file.
func Unlock(s Source, check []byte) (*Vault, error) {
	v, err := s.load()
	if errors.Is(err, fs.ErrNotExist) {
		if check != nil {
			return nil, fmt.Errorf("%w: %s is not there, and this database was made with one; restore that file, or set %s",
				ErrNoKey, s.Path, Env)
		}
		v, err = s.create()
	}
	if err != nil {
		return nil, err
	}
	if check == nil {
		return v, nil
	}
	if err := v.Verify(check); err != nil {
		return nil, err
	}
	return v, nil
}

func (s Source) load() (*Vault, error) {
	if s.Value != "" {
		return parse(Env, string(s.Value))
	}
	text, err := os.ReadFile(s.Path)
	if err != nil {
		return nil, fmt.Errorf("read master key: %w", err)
	}
	if err := private(s.Path); err != nil {
		return nil, err
	}
	return parse(s.Path, string(text))
}

// create makes the key's file, unless another process is first: then that
// one's key counts.
func (s Source) create() (*Vault, error) {
	key := make([]byte, masterKeySize)
	_, _ = rand.Read(key) // never fails
	text := base64.StdEncoding.EncodeToString(key) + "\n"
	if err := os.MkdirAll(filepath.Dir(s.Path), 0o700); err != nil {
		return nil, fmt.Errorf("make master key: %w", err)
	}
	if err := writeNew(s.Path, []byte(text)); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make master key: %w", err)
	}
	return s.load()
}

// parse makes a vault of a key's text. Name is where the text is from; the
// text itself stays out of the error.
func parse(name, text string) (*Vault, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return nil, fmt.Errorf("%s: the master key is not base64; make one with: openssl rand -base64 %d", name, masterKeySize)
	}
	if len(key) != masterKeySize {
		return nil, fmt.Errorf("%s: the master key has %d bytes, want %d; make one with: openssl rand -base64 %d",
			name, len(key), masterKeySize, masterKeySize)
	}
	master, err := subtle.NewXChaCha20Poly1305(key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return newVault(master), nil
}

// private refuses a key file that anyone on this machine can read. Its group
// may: that is how orchestrators mount secrets.
func private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("read master key: %w", err)
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&0o007 != 0 {
		return fmt.Errorf("%s: anyone can read the master key (mode %04o); run: chmod 600 %s", path, mode, path)
	}
	return nil
}

// writeNew makes a file that is there in full or not at all, and stays there
// after a power failure. Errors: fs.ErrExist.
func writeNew(path string, data []byte) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	// A link, unlike a rename, never replaces a key that is already there.
	if err := os.Link(f.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir makes a folder's entries durable. Windows has no such call.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
