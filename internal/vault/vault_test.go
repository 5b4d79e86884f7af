package vault

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// testVault has a key that is all of one byte.
func testVault(t *testing.T, b byte) *Vault {
	t.Helper()
	v, err := Unlock(Source{Value: keyOf(b)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func keyOf(b byte) tandem.Secret {
	return tandem.Secret(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, masterKeySize)))
}

func dataKeyOf(t *testing.T, v *Vault, a tandem.AccountID) []byte {
	t.Helper()
	wrapped, err := v.NewDataKey(a)
	if err != nil {
		t.Fatal(err)
	}
	return wrapped
}

var place = Place{Account: 1, Record: "account_connector 7", Field: "AuthValue"}

func TestSealAndOpen(t *testing.T) {
	v := testVault(t, 1)
	wrapped := dataKeyOf(t, v, place.Account)
	for _, plain := range []tandem.Secret{"", "hunter2", tandem.Secret(strings.Repeat("ü", 1<<16))} {
		sealed, err := v.Seal(wrapped, place, plain)
		if err != nil {
			t.Fatal(err)
		}
		if plain != "" && bytes.Contains(sealed, []byte(plain)) {
			t.Errorf("sealed value holds its plain text")
		}
		// A fresh vault, as after a restart: nothing unwrapped in memory.
		got, err := testVault(t, 1).Open(wrapped, place, sealed)
		if err != nil || got != plain {
			t.Errorf("opened %d bytes, %v; want the %d that were sealed", len(got), err, len(plain))
		}
	}
}

func TestSealNeverRepeats(t *testing.T) {
	v := testVault(t, 1)
	wrapped := dataKeyOf(t, v, place.Account)
	one, err1 := v.Seal(wrapped, place, "same")
	two, err2 := v.Seal(wrapped, place, "same")
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(one, two) {
		t.Error("one secret sealed twice gives the same bytes, which tells that they are equal")
	}
}

func TestOpenRefusesAnotherPlace(t *testing.T) {
	v := testVault(t, 1)
	wrapped := dataKeyOf(t, v, place.Account)
	sealed, err := v.Seal(wrapped, place, "hunter2")
	if err != nil {
		t.Fatal(err)
	}
	partnerKey, err := v.NewPartnerKey(1)
	if err != nil {
		t.Fatal(err)
	}
	otherAccount := Place{Account: 2, Record: place.Record, Field: place.Field}
	for name, tc := range map[string]struct {
		wrapped []byte
		at      Place
	}{
		"another record":                    {wrapped, Place{0, 1, "account_connector 8", place.Field}},
		"another field":                     {wrapped, Place{0, 1, place.Record, "ClientSecret"}},
		"parts that join to the same":       {wrapped, Place{0, 1, place.Record + "|", place.Field}},
		"another account, its own key":      {dataKeyOf(t, v, 2), otherAccount},
		"another account, the key with it":  {wrapped, otherAccount},
		"the account's own, but later, key": {dataKeyOf(t, v, 1), place},
		"a partner of the same number":      {wrapped, Place{Partner: 1, Record: place.Record, Field: place.Field}},
		"such a partner's own key":          {partnerKey, Place{Partner: 1, Record: place.Record, Field: place.Field}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := v.Open(tc.wrapped, tc.at, sealed); err == nil {
				t.Errorf("opened %q", string(got))
			}
		})
	}
}

func TestOpenRefusesTampering(t *testing.T) {
	v := testVault(t, 1)
	wrapped := dataKeyOf(t, v, place.Account)
	sealed, err := v.Seal(wrapped, place, "hunter2")
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		altered := bytes.Clone(sealed)
		altered[i] ^= 1
		if _, err := v.Open(wrapped, place, altered); err == nil {
			t.Errorf("opened with byte %d of the sealed value altered", i)
		}
	}
	for _, cut := range [][]byte{nil, sealed[:1], sealed[:len(sealed)-1]} {
		if _, err := v.Open(wrapped, place, cut); err == nil {
			t.Errorf("opened %d of %d bytes", len(cut), len(sealed))
		}
	}
	if _, err := v.Open(nil, place, sealed); err == nil {
		t.Error("opened without a data key")
	}
}

func TestOpenNeedsTheMasterKey(t *testing.T) {
	v := testVault(t, 1)
	wrapped := dataKeyOf(t, v, place.Account)
	sealed, err := v.Seal(wrapped, place, "hunter2")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := testVault(t, 2).Open(wrapped, place, sealed); err == nil {
		t.Error("opened with another master key")
	}
}

func TestErrorsHoldNoSecret(t *testing.T) {
	v := testVault(t, 1)
	wrapped := dataKeyOf(t, v, place.Account)
	_, err := v.Open(wrapped, place, []byte("hunter2"))
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), place.String()) {
		t.Errorf("error %v; want it to name the place and nothing secret", err)
	}
}

func TestVerify(t *testing.T) {
	check, err := testVault(t, 1).Check()
	if err != nil {
		t.Fatal(err)
	}
	if err := testVault(t, 1).Verify(check); err != nil {
		t.Errorf("the same key: %v", err)
	}
	for name, err := range map[string]error{
		"another key":      testVault(t, 2).Verify(check),
		"an altered check": testVault(t, 1).Verify(check[1:]),
		"an empty check":   testVault(t, 1).Verify([]byte{}),
	} {
		if !errors.Is(err, ErrWrongKey) {
			t.Errorf("%s: %v, want ErrWrongKey", name, err)
		}
	}
}

func TestUnwrappedKeysAreBounded(t *testing.T) {
	v := testVault(t, 1)
	var group sync.WaitGroup
	for worker := range 2 {
		group.Go(func() {
			for i := range maxUnwrapped/2 + 10 {
				a := tandem.AccountID(worker*maxUnwrapped + i)
				wrapped, err := v.NewDataKey(a)
				if err == nil {
					_, err = v.Seal(wrapped, Place{Account: a}, "x")
				}
				if err != nil {
					t.Error(fmt.Errorf("account %d: %w", a, err))
					return
				}
			}
		})
	}
	group.Wait()
	if len(v.unwrapped) != maxUnwrapped {
		t.Errorf("%d keys in memory, want %d", len(v.unwrapped), maxUnwrapped)
	}
}
