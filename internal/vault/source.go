package vault

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Env is the environment variable that gives the master key.
const Env = "TANDEM_MASTER_KEY"

// ErrNoKey says that the database has secrets but there is no master key.
var ErrNoKey = errors.New("the master key is missing")

// Source is where the master key comes from: 32 random bytes in base64, as
// "openssl rand -base64 32" prints them. While a rotation is under way there are
// several, the new one first.
type Source struct {
	Value   tandem.Secret // the keys themselves, from the environment
	Command string        // a program, with its arguments, that prints them
	Path    string        // else their file, made at the first start with mode 0600
}

// fixed says whether the source gives the same for as long as the process lives.
func (s Source) fixed() bool { return s.Value != "" }

// reread is how old the keys may be when one is to wrap, or when none opens what
// it should: a rotation may have begun since. Asking a key store costs more than
// reading a file.
func (s Source) reread() time.Duration {
	if s.Command != "" {
		return 5 * time.Minute
	}
	return 5 * time.Second
}

// Unlock takes the master key from its source. Check is the check value that
// the database holds; nil says that the database is new, and only then is a
// key file made that is not there.
//
// Errors: [ErrNoKey], [ErrWrongKey]; else the message says what is wrong with
// the key's value or its file.
func Unlock(s Source, check []byte) (*Vault, error) {
	keys, err := s.load()
	if errors.Is(err, fs.ErrNotExist) && s.Command == "" {
		if check != nil {
			return nil, fmt.Errorf("%w: %s is not there, and this database was made with one; restore that file, or set %s",
				ErrNoKey, s.Path, Env)
		}
		keys, err = s.create()
	}
	if err != nil {
		return nil, err
	}
	v := newVault(&master{source: s, keys: keys, read: time.Now()})
	if check == nil {
		return v, nil
	}
	if err := v.Verify(check); err != nil {
		return nil, err
	}
	return v, nil
}

func (s Source) load() ([]masterKey, error) {
	switch {
	case s.Value != "":
		return parse(Env, string(s.Value))
	case s.Command != "":
		return s.ask()
	}
	text, err := s.readFile()
	if err != nil {
		return nil, err
	}
	return parse(s.Path, text)
}

func (s Source) readFile() (string, error) {
	text, err := os.ReadFile(s.Path)
	if err != nil {
		return "", fmt.Errorf("read master key: %w", err)
	}
	return string(text), private(s.Path)
}

// commandTime is how long a command may take.
const commandTime = 30 * time.Second

// ask runs the command. What it prints is not repeated in errors.
func (s Source) ask() ([]masterKey, error) {
	ctx, cancel := context.WithTimeout(context.Background(), commandTime)
	defer cancel()
	args := strings.Fields(s.Command)
	if len(args) == 0 {
		return nil, errors.New("the command for the master key is empty")
	}
	text, err := exec.CommandContext(ctx, args[0], args[1:]...).Output()
	if err != nil {
		return nil, fmt.Errorf("the command for the master key, %s: %w", args[0], err)
	}
	return parse("the command for the master key, "+args[0], string(text))
}

// NewKey is a master key's text.
func NewKey() string {
	key := make([]byte, masterKeySize)
	_, _ = rand.Read(key) // never fails
	return base64.StdEncoding.EncodeToString(key)
}

// create makes the key's file, unless another process is first: then that
// one's key counts.
func (s Source) create() ([]masterKey, error) {
	if err := os.MkdirAll(filepath.Dir(s.Path), 0o700); err != nil {
		return nil, fmt.Errorf("make master key: %w", err)
	}
	// A link, unlike a rename, never replaces a key that is already there.
	if err := write(s.Path, NewKey()+"\n", os.Link); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make master key: %w", err)
	}
	return s.load()
}

// Rotate puts a new key first in the file. Servers that run on it go on by
// themselves: see [Vault.Rotation].
func (s Source) Rotate() error {
	if s.Value != "" || s.Command != "" {
		return fmt.Errorf("the master key does not come from a file: give the new key and the old one, in this order, by %s or the command", Env)
	}
	text, err := s.readFile()
	if err != nil {
		return err
	}
	if len(words(text)) > 1 {
		return errRotating
	}
	if _, err := parse(s.Path, text); err != nil {
		return err
	}
	return write(s.Path, NewKey()+"\n"+text, os.Rename)
}

// keepFirst takes all keys but the first out of the file.
func (s Source) keepFirst() error {
	text, err := s.readFile()
	if err != nil {
		return err
	}
	return write(s.Path, words(text)[0]+"\n", os.Rename)
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

// write makes a file that is there in full or not at all, and stays there after
// a power failure; place puts it where it belongs. Errors: place's.
func write(path, text string, place func(from, to string) error) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // or its second name
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := place(f.Name(), path); err != nil {
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
