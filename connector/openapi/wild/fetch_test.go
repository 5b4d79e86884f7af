package wild

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/skip"
)

// source is where a document is published: a module of Go or a package of npm, its
// version and hash, and the file in it.
type source struct {
	module  string // module@version
	sum     string // as in go.sum; of a package of npm, as in its lock file
	npm     bool
	file    string
	replace *strings.Replacer // of what a template has in it
}

// patience is how long a registry may take.
const patience = 3 * time.Minute

// read gives the document. Without a registry the test is skipped, or fails where
// nothing may be.
func (s source) read(t testing.TB) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	fetch := fromGo
	if s.npm {
		fetch = fromNPM
	}
	data, err := fetch(ctx, t, s)
	if err != nil {
		skip.Missing(t, "%s cannot be fetched from its registry: %v", s.module, err)
	}
	if s.replace != nil {
		data = []byte(s.replace.Replace(string(data)))
	}
	return data
}

// fromGo takes the file from the cache of modules, into which it is downloaded, if
// it is not there.
func fromGo(ctx context.Context, t testing.TB, s source) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", s.module)
	cmd.Dir = t.TempDir()
	out, err := cmd.Output()
	var module struct{ Dir, Sum, Error string }
	if json.Unmarshal(out, &module) != nil || module.Error != "" || err != nil {
		return nil, errors.Join(err, errors.New(module.Error))
	}
	if module.Sum != s.sum {
		t.Fatalf("%s has the hash %s, want %s", s.module, module.Sum, s.sum)
	}
	return os.ReadFile(filepath.Join(module.Dir, filepath.FromSlash(s.file)))
}

// fromNPM downloads a package, whose scripts do not run, and takes the file out.
func fromNPM(ctx context.Context, t testing.TB, s source) ([]byte, error) {
	folder := t.TempDir()
	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", "--ignore-scripts", s.module)
	cmd.Dir = folder
	if _, err := cmd.Output(); err != nil {
		return nil, err
	}
	packed, err := filepath.Glob(filepath.Join(folder, "*.tgz"))
	if err != nil || len(packed) != 1 {
		return nil, errors.Join(err, errors.New("npm packed nothing"))
	}
	data, err := os.ReadFile(packed[0])
	if err != nil {
		return nil, err
	}
	hash := sha512.Sum512(data)
	if sum := "sha512-" + base64.StdEncoding.EncodeToString(hash[:]); sum != s.sum {
		t.Fatalf("%s has the hash %s, want %s", s.module, sum, s.sum)
	}
	return unpack(data, s.file)
}

func unpack(data []byte, file string) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err != nil {
			return nil, err
		}
		if h.Name == file {
			return io.ReadAll(r)
		}
	}
}
