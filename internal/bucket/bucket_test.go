package bucket_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/bucket"
	"github.com/tandem-ipaas/tandem/internal/bucket/buckettest"
)

func open(t *testing.T, address, secret string) *bucket.Bucket {
	t.Helper()
	at, err := bucket.ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	return bucket.New(http.DefaultClient, at, bucket.Key{ID: buckettest.KeyID, Secret: tandem.Secret(secret), Token: "a session's"})
}

func TestKeeps(t *testing.T) {
	s := buckettest.New(t)
	b := open(t, s.Address("of/this"), buckettest.Secret)
	data := bytes.Repeat([]byte{0, 1, 255, '\n'}, 100_000)
	var want []string
	for i := range 8 {
		name := fmt.Sprintf("%d/%016x-1-ABC~_.", i%2, i)
		want = append(want, name)
		if err := b.Put(t.Context(), name, data[i:]); err != nil {
			t.Fatal(err)
		}
		if got, err := b.Get(t.Context(), name); err != nil || !bytes.Equal(got, data[i:]) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
	}
	slices.Sort(want)
	names := func(prefix string) (all []string) {
		err := b.Each(t.Context(), prefix, func(name string, age time.Duration) error {
			if age < 0 || age > time.Hour {
				t.Errorf("%s is there for %s", name, age)
			}
			all = append(all, name)
			return b.Delete(t.Context(), name)
		})
		if err != nil {
			t.Error(err)
		}
		return all
	}
	if got := names("1/"); !slices.Equal(got, want[4:]) {
		t.Errorf("listed %v", got)
	}
	if got := names(""); !slices.Equal(got, want[:4]) || len(s.Names()) > 0 {
		t.Errorf("listed %v, left %v", got, s.Names())
	}
	if err := b.Delete(t.Context(), "not there"); err != nil {
		t.Error(err)
	}
	if _, err := b.Get(t.Context(), want[0]); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is not there: %v", err)
	}
	if s.Refused() > 0 {
		t.Errorf("%d requests were not signed well", s.Refused())
	}
}

// A wrong key is refused at once; what passes is tried again.
func TestFailures(t *testing.T) {
	s := buckettest.New(t)
	err := open(t, s.Address(""), "wrong").Put(t.Context(), "x", nil)
	if err == nil || !strings.Contains(err.Error(), "403 SignatureDoesNotMatch") || s.Refused() != 1 {
		t.Errorf("%v, refused %d times", err, s.Refused())
	}
	err = open(t, strings.Replace(s.Address(""), buckettest.Name, "other", 1), buckettest.Secret).Each(t.Context(), "", nil)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("another bucket: %v", err)
	}
	b, left := open(t, s.Address(""), buckettest.Secret), 2
	s.Fail(func(*http.Request) int {
		left--
		return map[bool]int{true: http.StatusServiceUnavailable}[left >= 0]
	})
	if err := b.Put(t.Context(), "x", []byte("kept")); err != nil || left != -1 {
		t.Errorf("after failures: %v, %d left", err, left)
	}
	s.Fail(func(*http.Request) int { return http.StatusInternalServerError })
	if _, err := b.Get(t.Context(), "x"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("while it fails: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Put(gone, "x", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
}

func TestParseAddress(t *testing.T) {
	for _, c := range []struct{ text, why string }{
		{"s3://data?region=eu-west-1", ""},
		{"s3://data/a/b?endpoint=http://127.0.0.1:9000", ""},
		{"s3://data/a/b?endpoint=https://s3.example.com/below&region=x", ""},
		{"s3://data", "region is needed"},
		{"https://data", "want s3://"},
		{"s3://user:secret@data?region=x", "want s3://"},
		{"s3://Data?region=x", "no name of a bucket"},
		{"s3://data/a%20b?region=x", "prefix"},
		{"s3://data?region=x&acl=public", "acl is not known"},
		{"s3://data?endpoint=minio:9000", "endpoint"},
		{"s3://data?endpoint=http://u:p@minio", "endpoint"},
	} {
		_, err := bucket.ParseAddress(c.text)
		if (err == nil) != (c.why == "") || err != nil && !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v, want %q", c.text, err, c.why)
		}
	}
}

func TestWithin(t *testing.T) {
	at := func(text string) bucket.Address {
		a, err := bucket.ParseAddress(text)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for _, c := range []struct {
		inner, outer string
		want         bool
	}{
		{"s3://data?region=x", "s3://data?region=x", true},
		{"s3://data/files?region=x", "s3://data?region=x", true},
		{"s3://data/a/files?endpoint=http://s3.test", "s3://data/a/?endpoint=http://s3.test", true},
		{"s3://data?region=x", "s3://data/blobs?region=x", false},
		{"s3://data/blobs2?region=x", "s3://data/blobs?region=x", false},
		{"s3://data/files?region=x", "s3://other?region=x", false},
		{"s3://data/files?endpoint=http://s3.test", "s3://data?endpoint=http://other.test", false},
	} {
		if got := at(c.inner).Within(at(c.outer)); got != c.want {
			t.Errorf("%s within %s: %v", c.inner, c.outer, got)
		}
	}
}

// What is refused is not told again: it may hold a password.
func FuzzParseAddress(f *testing.F) {
	f.Add("s3://data/a/b?endpoint=http://127.0.0.1:9000&region=x")
	f.Add("s3://user:secret-9@data?endpoint=http://u:secret-9@minio")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := bucket.ParseAddress(text); err != nil && strings.Contains(err.Error(), "secret-9") {
			t.Error(err)
		}
	})
}
