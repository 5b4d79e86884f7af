package vault

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

func TestUnlockMakesTheFileAtTheFirstStart(t *testing.T) {
	source := Source{Path: filepath.Join(t.TempDir(), "master.key")}
	first, err := Unlock(source, nil)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(source.Path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
	if left, _ := filepath.Glob(source.Path + ".*"); left != nil {
		t.Errorf("left behind: %v", left)
	}
	check, err := first.Check()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Unlock(source, check); err != nil {
		t.Errorf("the second start: %v", err)
	}
}

// A start that ended between making the key and storing its check value.
func TestUnlockMakesTheFolderToo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	if _, err := Unlock(Source{Path: filepath.Join(dir, "master.key")}, nil); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(dir); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestUnlockTakesTheFileOfAnUnfinishedFirstStart(t *testing.T) {
	source := Source{Path: filepath.Join(t.TempDir(), "master.key")}
	first, err := Unlock(source, nil)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Unlock(source, nil)
	if err != nil {
		t.Fatal(err)
	}
	check, err := first.Check()
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Verify(check); err != nil {
		t.Errorf("the second start has another key: %v", err)
	}
}

func TestUnlockNeverReplacesAMissingKey(t *testing.T) {
	check, err := testVault(t, 1).Check()
	if err != nil {
		t.Fatal(err)
	}
	source := Source{Path: filepath.Join(t.TempDir(), "master.key")}
	if _, err := Unlock(source, check); !errors.Is(err, ErrNoKey) || !strings.Contains(err.Error(), source.Path) {
		t.Errorf("error %v, want ErrNoKey that names the file", err)
	}
	if _, err := os.Stat(source.Path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a key was made: %v", err)
	}
}

func TestUnlockRefusesAWrongKey(t *testing.T) {
	check, err := testVault(t, 1).Check()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Unlock(Source{Value: keyOf(2)}, check); !errors.Is(err, ErrWrongKey) {
		t.Errorf("from the environment: %v, want ErrWrongKey", err)
	}
	source := Source{Path: filepath.Join(t.TempDir(), "master.key")}
	if _, err := Unlock(source, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := Unlock(source, check); !errors.Is(err, ErrWrongKey) {
		t.Errorf("from the file: %v, want ErrWrongKey", err)
	}
	// An empty check value is a damaged one, not a new database.
	if _, err := Unlock(source, []byte{}); !errors.Is(err, ErrWrongKey) {
		t.Errorf("empty check value: %v, want ErrWrongKey", err)
	}
}

func TestUnlockPrefersTheEnvironment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	if _, err := Unlock(Source{Value: " " + keyOf(1) + "\n", Path: path}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file was made beside the environment's key: %v", err)
	}
}

func TestUnlockRefusesAMalformedKey(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"not base64": {"hunter2-is-not-a-key!", "not base64"},
		"too short":  {"aHVudGVyMg==", "has 7 bytes, want 32"},
		"too long":   {strings.Repeat("aHVu", 11), "has 33 bytes, want 32"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "master.key")
			if err := os.WriteFile(file, []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			for where, source := range map[string]Source{Env: {Value: tandem.Secret(tc.text)}, file: {Path: file}} {
				_, err := Unlock(source, nil)
				if err == nil || !strings.Contains(err.Error(), where) || !strings.Contains(err.Error(), tc.want) {
					t.Errorf("error %v; want it to name %s and say: %s", err, where, tc.want)
				}
				if err != nil && strings.Contains(err.Error(), tc.text) {
					t.Errorf("error %v holds the key", err)
				}
			}
		})
	}
	t.Run("empty file", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "master.key")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Unlock(Source{Path: file}, nil); err == nil || !strings.Contains(err.Error(), "has 0 bytes") {
			t.Errorf("error %v; want it to refuse, not to make a new key", err)
		}
	})
}

func TestUnlockRefusesAFileThatAnyoneCanRead(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // has no such modes
	}
	source := Source{Path: filepath.Join(t.TempDir(), "master.key")}
	for mode, ok := range map[os.FileMode]bool{0o600: true, 0o400: true, 0o440: true, 0o644: false, 0o604: false} {
		_ = os.Remove(source.Path)
		if err := os.WriteFile(source.Path, []byte(keyOf(1)), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(source.Path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := Unlock(source, nil); (err == nil) != ok {
			t.Errorf("mode %04o: %v, want ok: %t", mode, err, ok)
		}
	}
}

func TestUnlockSaysWhyTheFileCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "no folder")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	source := Source{Path: filepath.Join(file, "master.key")}
	if _, err := Unlock(source, nil); err == nil || !strings.Contains(err.Error(), "no folder") {
		t.Errorf("error %v; want it to name the folder", err)
	}
}

func TestConcurrentFirstStartsAgreeOnOneKey(t *testing.T) {
	source := Source{Path: filepath.Join(t.TempDir(), "master.key")}
	vaults := make([]*Vault, 8)
	var group sync.WaitGroup
	for i := range vaults {
		group.Go(func() {
			var err error
			if vaults[i], err = Unlock(source, nil); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if t.Failed() {
		return
	}
	check, err := vaults[0].Check()
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range vaults {
		if err := v.Verify(check); err != nil {
			t.Errorf("start %d: %v", i, err)
		}
	}
}
