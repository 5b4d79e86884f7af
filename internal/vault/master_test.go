package vault

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
)

func fileSource(t *testing.T) Source { return Source{Path: filepath.Join(t.TempDir(), "master.key")} }

func unlock(t *testing.T, s Source) *Vault {
	t.Helper()
	v, err := Unlock(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A rotation as a running server goes through it, while another one runs.
func TestRotate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := fileSource(t)
		v, neighbour := unlock(t, source), unlock(t, source)
		owner := place.owner()
		wrapped := dataKeyOf(t, v, place.Account)
		sealed, err := v.Seal(wrapped, place, "hunter2")
		if err != nil {
			t.Fatal(err)
		}
		if v.Rotating() {
			t.Fatal("rotating before it began")
		}
		if err := source.Rotate(); err != nil {
			t.Fatal(err)
		}
		if err := source.Rotate(); !errors.Is(err, errRotating) {
			t.Errorf("a second rotation at once: %v", err)
		}
		time.Sleep(v.Settled())
		if !v.Rotating() {
			t.Fatal("the rotation was not noticed")
		}
		fresh, err := v.Rewrap(wrapped, owner)
		if err != nil || fresh == nil {
			t.Fatalf("%x, %v", fresh, err)
		}
		if again, err := v.Rewrap(fresh, owner); err != nil || again != nil {
			t.Errorf("rewrapped twice: %x, %v", again, err)
		}
		if _, err := v.Rewrap(fresh, Owner{Account: 99}); err == nil {
			t.Error("rewrapped for another owner")
		}
		if got, err := neighbour.Open(fresh, place, sealed); err != nil || got != "hunter2" {
			t.Errorf("the neighbour, which has the former key: %v", err)
		}
		late := dataKeyOf(t, neighbour, 2)
		if fresh, err := v.Rewrap(late, Owner{Account: 2}); err != nil || fresh != nil {
			t.Errorf("the neighbour wraps by the former key for too long: %v", err)
		}
		if err := v.Finish(); err != nil {
			t.Fatal(err)
		}
		after := unlock(t, source)
		if got, err := after.Open(fresh, place, sealed); err != nil || got != "hunter2" {
			t.Errorf("with the new key alone: %v", err)
		}
		if _, err := after.Open(wrapped, place, sealed); err == nil {
			t.Error("the former key still opens what it wrapped")
		}
		time.Sleep(v.Settled())
		if v.Rotating() {
			t.Error("still rotating")
		}
	})
}

func TestRotateRefuses(t *testing.T) {
	for why, s := range map[string]Source{
		"a key of the environment": {Value: keyOf(1)},
		"a key of a command":       {Command: "print-key"},
		"no file":                  fileSource(t),
	} {
		if err := s.Rotate(); err == nil {
			t.Errorf("%s: rotated", why)
		}
	}
	s := fileSource(t)
	if err := os.WriteFile(s.Path, []byte("scribble"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Rotate(); err == nil {
		t.Error("rotated a file that holds no key")
	}
	if text, _ := os.ReadFile(s.Path); string(text) != "scribble" {
		t.Errorf("the file now holds %q", text)
	}
}

// From the environment: the new key first, the old one after it.
func TestSeveralKeys(t *testing.T) {
	wrapped := dataKeyOf(t, testVault(t, 1), 1)
	both := unlock(t, Source{Value: keyOf(2) + ", " + keyOf(1)})
	if !both.Rotating() {
		t.Error("two keys are no rotation")
	}
	fresh, err := both.Rewrap(wrapped, Owner{Account: 1})
	if err != nil || fresh == nil {
		t.Fatalf("%x, %v", fresh, err)
	}
	if err := both.Finish(); err != nil {
		t.Error(err)
	}
	if _, err := testVault(t, 2).Seal(fresh, place, "x"); err != nil {
		t.Errorf("with the new key alone: %v", err)
	}
}

func TestCommand(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(keyOf(3)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cat := Source{Command: "cat " + key, Path: filepath.Join(t.TempDir(), "master.key")}
	wrapped := dataKeyOf(t, testVault(t, 3), 1)
	if _, err := unlock(t, cat).Seal(wrapped, place, "x"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(cat.Path); err == nil {
		t.Error("a file was made beside the command's key")
	}
	for _, bad := range []string{"cat " + key + ".not-there", "no-such-program-at-all", "echo " + string(tandem.Secret("hunter2")), " "} {
		if _, err := Unlock(Source{Command: bad}, nil); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
