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

func stage(t *testing.T, v *Vault, check []byte, replaced ...string) Rotation {
	t.Helper()
	got, err := v.Rotation(check, replaced)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func checkOf(t *testing.T, v *Vault) (check []byte, maker string) {
	t.Helper()
	check, err := v.Check()
	if err == nil {
		maker, err = v.Maker(check)
	}
	if err != nil {
		t.Fatal(err)
	}
	return check, maker
}

// A rotation as a running server goes through it, while another one runs.
func TestRotate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := fileSource(t)
		v, neighbour := unlock(t, source), unlock(t, source)
		check, old := checkOf(t, v)
		owner := place.owner()
		wrapped := dataKeyOf(t, v, place.Account)
		sealed, err := v.Seal(wrapped, place, "hunter2")
		if err != nil {
			t.Fatal(err)
		}
		if got := stage(t, v, check); got != NoRotation {
			t.Fatalf("stage %d before it began", got)
		}
		if err := source.Rotate(); err != nil {
			t.Fatal(err)
		}
		if err := source.Rotate(); !errors.Is(err, errRotating) {
			t.Errorf("a second rotation at once: %v", err)
		}
		time.Sleep(v.Settled())
		if got := stage(t, v, check); got != Begun {
			t.Fatalf("stage %d: the rotation was not noticed", got)
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
		check, _ = checkOf(t, v)
		if got := stage(t, v, check, old); got != Ended {
			t.Errorf("stage %d at the end", got)
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
		if got := stage(t, v, check, old); got != NoRotation {
			t.Errorf("stage %d after the end", got)
		}
	})
}

// As nodes go through it whose keys the environment gives.
func TestRotationByEnvironment(t *testing.T) {
	one := testVault(t, 1)
	check, old := checkOf(t, one)
	before := unlock(t, Source{Value: keyOf(1) + "," + keyOf(2)})
	during := unlock(t, Source{Value: keyOf(2) + ", " + keyOf(1)})
	for _, c := range []struct {
		why      string
		v        *Vault
		check    []byte
		replaced []string
		want     Rotation
	}{
		{"OLD,NEW says nothing yet", before, check, nil, NoRotation},
		{"NEW,OLD begins", during, check, nil, Begun},
		{"NEW,OLD, cut off near the end", during, check, []string{old}, Begun},
		{"OLD,NEW, when that is nearly over", before, check, []string{old}, Backwards},
	} {
		if got := stage(t, c.v, c.check, c.replaced...); got != c.want {
			t.Errorf("%s: stage %d, want %d", c.why, got, c.want)
		}
	}
	wrapped := dataKeyOf(t, one, 1)
	fresh, err := during.Rewrap(wrapped, Owner{Account: 1})
	if err != nil || fresh == nil {
		t.Fatalf("%x, %v", fresh, err)
	}
	if err := during.Finish(); err != nil {
		t.Error(err)
	}
	if _, err := before.Seal(fresh, place, "x"); err != nil {
		t.Errorf("a node that still has OLD,NEW: %v", err)
	}
	check, _ = checkOf(t, during)
	if got := stage(t, during, check, old); got != Ended {
		t.Errorf("NEW,OLD after the end: stage %d", got)
	}
	if got := stage(t, before, check, old); got != Backwards {
		t.Errorf("OLD,NEW after the end: stage %d", got)
	}
	two := testVault(t, 2)
	if got := stage(t, two, check, old); got != NoRotation {
		t.Errorf("NEW alone: stage %d", got)
	}
	if _, err := two.Seal(fresh, place, "x"); err != nil {
		t.Errorf("NEW alone: %v", err)
	}
	if _, err := one.Rotation(check, nil); !errors.Is(err, ErrWrongKey) {
		t.Errorf("OLD alone: %v", err)
	}
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
