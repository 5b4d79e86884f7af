// Package password hashes passwords with argon2id, and compares them.
//
// Each hash takes some 60 ms of one CPU core and 19 MiB, which is the point of
// it, and would be a way to bring the server down if any number ran at once. A
// [Hasher] runs a few at a time; the others wait their turn for as long as their
// context lasts.
package password

import (
	"cmp"
	"context"
	"runtime"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"github.com/tandem-ipaas/tandem"
)

// Hasher hashes and compares, a few at a time.
type Hasher struct {
	params *argon2id.Params
	turns  chan struct{}
	dummy  string
}

// Options say what a hash costs whoever makes it, and whoever guesses.
type Options struct {
	Memory     uint32 // KiB; 0: 19 MiB
	Iterations uint32 // over this memory; 0: 2
}

// New makes a hasher that uses half of the CPU cores at most.
func New() (*Hasher, error) { return NewWith(Options{}) }

// NewWith is New with options.
func NewWith(o Options) (*Hasher, error) {
	h := &Hasher{
		params: &argon2id.Params{Memory: cmp.Or(o.Memory, 19456), Iterations: cmp.Or(o.Iterations, 2), Parallelism: 1, SaltLength: 16, KeyLength: 32},
		turns:  make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
	}
	var err error
	h.dummy, err = argon2id.CreateHash("a password that nobody has", h.params)
	return h, err
}

// Hash checks that a password is strong enough, and hashes it.
//
// Errors: as Check.
func (h *Hasher) Hash(ctx context.Context, password tandem.Secret) (string, error) {
	if err := Check(password); err != nil {
		return "", err
	}
	if err := h.turn(ctx); err != nil {
		return "", err
	}
	defer h.end()
	return argon2id.CreateHash(string(password), h.params)
}

// Matches says whether hash is of password. An empty hash matches nothing, and
// takes as long to say so.
func (h *Hasher) Matches(ctx context.Context, hash string, password tandem.Secret) (bool, error) {
	known := hash != ""
	if !known {
		hash = h.dummy
	}
	if utf8.RuneCountInString(string(password)) > MaxLength {
		password = ""
	}
	if err := h.turn(ctx); err != nil {
		return false, err
	}
	defer h.end()
	same, err := argon2id.ComparePasswordAndHash(string(password), hash)
	return same && known, err
}

func (h *Hasher) turn(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case h.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *Hasher) end() { <-h.turns }
