package app

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/bucket"
	"github.com/tandem-ipaas/tandem/internal/bucket/buckettest"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// Files go to the bucket from when it is given, part by part, and leave it when they are
// deleted; those from before are where they were. Without the bucket, what is in it
// cannot be read, and is not given up.
func TestFilesInABucket(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		const account = tandem.AccountID(7)
		storage := buckettest.New(t)
		in := Blobs{URL: storage.Address("files"), Key: bucket.Key{ID: buckettest.KeyID, Secret: buckettest.Secret}}
		shared, err := in.open("files", nil)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		open := func(b store.Blobs) *store.Store {
			t.Helper()
			s, err := store.Open(t.Context(), database, dir)
			if err != nil {
				t.Fatal(err)
			}
			s.KeepFiles(b)
			return s
		}
		long := bytes.Repeat([]byte("0123456789abcdef"), 9<<16) // 9 MiB: two parts
		create := func(s *store.Store, id string, data []byte) {
			t.Helper()
			if err := s.CreateFile(t.Context(), account, &tandem.File{ID: id, Name: "a.txt"}, bytes.NewReader(data), 1<<30); err != nil {
				t.Fatal(err)
			}
		}
		read := func(s *store.Store, id string) ([]byte, error) {
			r, _, err := s.OpenFile(t.Context(), account, id)
			if err != nil {
				return nil, err
			}
			defer r.Close()
			return io.ReadAll(r)
		}
		has := func(want int) {
			t.Helper()
			if names := storage.Names(); len(names) != want {
				t.Errorf("the bucket has %v, want %d", names, want)
			}
		}

		s := open(nil)
		create(s, "before", []byte("here"))
		has(0)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(shared)
		create(s, "long", long)
		create(s, "empty", nil)
		has(2)
		if err := s.CreateFile(t.Context(), account, &tandem.File{ID: "cut"}, io.MultiReader(bytes.NewReader(long), failing{}), 1<<30); err == nil {
			t.Error("a file that was cut off is kept")
		}
		has(2)
		for id, want := range map[string][]byte{"before": []byte("here"), "long": long, "empty": {}} {
			if got, err := read(s, id); !bytes.Equal(got, want) || err != nil {
				t.Errorf("%s: %d bytes, %v", id, len(got), err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}

		s = open(nil)
		if _, err := read(s, "long"); err == nil || !strings.Contains(err.Error(), "setting for files") {
			t.Errorf("without the bucket: %v", err)
		}
		if err := s.DeleteFile(t.Context(), account, "long"); err == nil {
			t.Error("what cannot be deleted is given up")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}

		s = open(shared)
		defer s.Close()
		create(s, "other", []byte("b"))
		has(3)
		if err := s.DeleteFile(t.Context(), account, "other"); err != nil {
			t.Fatal(err)
		}
		has(2)
	})
}

// failing is a body that breaks off.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("cut off") }

// What deletes blobs that no step has must not find files.
func TestFilesAmongBlobs(t *testing.T) {
	c := config(t, "")
	c.Blobs.URL, c.Files.URL = "s3://data?region=x", "s3://data/files?region=x"
	_, err := New(t.Context(), logger(t), c)
	var refused *tandem.Error
	if !errors.As(err, &refused) || refused.Field != "files" || !strings.Contains(err.Error(), "another bucket") {
		t.Error(err)
	}
}
