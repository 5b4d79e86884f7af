package file_test

import (
	"bytes"
	"context"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/file"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// ours and theirs are two accounts.
const ours, theirs tandem.AccountID = 1, 2

// onBoth runs a test on SQLite, whose folder it is told, and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, s *store.Store, dir string)) {
	for name, url := range map[string]func(testing.TB) string{"SQLite": nil, "PostgreSQL": storetest.URL} {
		t.Run(name, func(t *testing.T) {
			at, dir := "", storetest.Folder(t)
			if url != nil {
				at = url(t)
			}
			s, err := store.Open(t.Context(), at, dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			test(t, s, dir)
		})
	}
}

func create(t *testing.T, f body.Files, name, content string) body.File {
	t.Helper()
	made, err := f.Create(t.Context(), name, "text/plain", strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func read(t *testing.T, f body.Files, id string) (string, body.File) {
	t.Helper()
	r, opened, err := f.Open(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	return string(content), opened
}

func TestFiles(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, dir string) {
		files := file.New(s, file.Options{})
		for name, content := range map[string]string{"a.txt": "content", "empty": "", "long": strings.Repeat("0123456789", 250_000)} {
			made := create(t, files.Of(ours), name, content)
			got, opened := read(t, files.Of(ours), made.File)
			if diff := cmp.Diff(made, opened); diff != "" || got != content || made.Size != int64(len(content)) || made.FileName != name {
				t.Errorf("%s: %d bytes, -made +opened\n%s", name, len(got), diff)
			}
			// Whose it is not, for him it is not there: in the same words.
			_, _, foreign := files.Of(theirs).Open(t.Context(), made.File)
			_, _, absent := files.Of(theirs).Open(t.Context(), "file:"+strings.Repeat("A", 26))
			if tandem.ErrorCode(foreign) != tandem.NotFound || foreign.Error() != absent.Error() {
				t.Errorf("foreign: %v; absent: %v", foreign, absent)
			}
		}
		for _, id := range []string{"", "file:", "file:../1/x", "file:..", "file:\x00", "/etc/passwd", "file:%", "nothing"} {
			if _, _, err := files.Of(ours).Open(t.Context(), id); tandem.ErrorCode(err) != tandem.NotFound {
				t.Errorf("%q: %v", id, err)
			}
		}
		for name, want := range map[string]string{"../../x.txt": "x.txt", `C:\x.txt`: "x.txt", "": "file", "..": "file", "a\x00\nb": "ab"} {
			if made := create(t, files.Of(ours), name, "x"); made.FileName != want {
				t.Errorf("%q is called %q, want %q", name, made.FileName, want)
			}
		}
		if s.Dialect().Name() == "sqlite" {
			private(t, filepath.Join(dir, "files"))
		}
	})
}

// private checks that nobody else can read a folder.
func private(t *testing.T, dir string) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has %v", path, info.Mode())
		}
		n++
		return err
	})
	if err != nil || n < 3 {
		t.Errorf("%d files, %v", n, err)
	}
}

// failing has content and then an error.
type failing struct{ left int }

var errBroken = errors.New("the line broke")

func (f *failing) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, errBroken
	}
	n := min(len(p), f.left)
	f.left -= n
	return n, nil
}

// TestNothingIsLeft: what did not become a file takes no room.
func TestNothingIsLeft(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, dir string) {
		files := file.New(s, file.Options{MaxFile: 3 << 20, MaxAccount: 4 << 20})
		if _, err := files.Of(ours).Create(t.Context(), "a", "", &failing{2 << 20}); !errors.Is(err, errBroken) {
			t.Errorf("%v, want its reader's", err)
		}
		if _, err := files.Of(ours).Create(t.Context(), "a", "", io.LimitReader(zeros{}, 3<<20+1)); tandem.ErrorCode(err) != tandem.TooLarge {
			t.Errorf("too long: %v", err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := files.Of(ours).Create(gone, "a", "", strings.NewReader("x")); err == nil {
			t.Error("made although nobody waits")
		}
		create(t, files.Of(ours), "a", strings.Repeat("x", 3<<20))
		if _, err := files.Of(ours).Create(t.Context(), "b", "", io.LimitReader(zeros{}, 2<<20)); tandem.ErrorCode(err) != tandem.TooLarge {
			t.Errorf("more than the account may have: %v", err)
		}
		create(t, files.Of(theirs), "b", strings.Repeat("x", 2<<20)) // they have room of their own
		for table, want := range map[string]int{"file": 2, "file_chunk": 5} {
			n := 0
			if err := s.Dialect().Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
				t.Fatal(err)
			}
			if table == "file_chunk" && s.Dialect().Name() == "sqlite" {
				want = 0
			}
			if n != want {
				t.Errorf("%d rows in %s, want %d", n, table, want)
			}
		}
		if names, _ := filepath.Glob(filepath.Join(dir, "files", "*", "*")); s.Dialect().Name() == "sqlite" && len(names) != 2 {
			t.Errorf("files %v", names)
		}
	})
}

// TestLimitHoldsForMany: of many at once no more get in than fit.
func TestLimitHoldsForMany(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ string) {
		files := file.New(s, file.Options{MaxAccount: 5000})
		var wg sync.WaitGroup
		var mu sync.Mutex
		made := 0
		for range 12 {
			wg.Go(func() {
				_, err := files.Of(ours).Create(t.Context(), "a", "", io.LimitReader(zeros{}, 1000))
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					made++
				} else if tandem.ErrorCode(err) != tandem.TooLarge {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if made != 5 {
			t.Errorf("%d files of 1,000 bytes fit into 5,000", made)
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestStreams: a long file goes through little memory.
func TestStreams(t *testing.T) {
	const size = 200 << 20
	onBoth(t, func(t *testing.T, s *store.Store, _ string) {
		files := file.New(s, file.Options{})
		peak := watchHeap(t)
		in, out := crc32.NewIEEE(), crc32.NewIEEE()
		made, err := files.Of(ours).Create(t.Context(), "long", "", io.TeeReader(io.LimitReader(&counting{}, size), in))
		if err != nil || made.Size != size {
			t.Fatalf("%+v, %v", made, err)
		}
		r, _, err := files.Of(ours).Open(t.Context(), made.File)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if n, err := io.Copy(out, r); n != size || err != nil || in.Sum32() != out.Sum32() {
			t.Errorf("read %d bytes, %v; the same: %v", n, err, in.Sum32() == out.Sum32())
		}
		if used := peak(); used > 48<<20 {
			t.Errorf("%d MB of heap for a file of 200", used>>20)
		}
	})
}

// counting is bytes that do not repeat soon.
type counting struct{ n byte }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = c.n
		c.n += 7
	}
	c.n++
	return len(p), nil
}

// watchHeap gives how much more was in use at any time than at the beginning.
func watchHeap(t *testing.T) (peak func() uint64) {
	t.Helper()
	inUse := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse
	}
	runtime.GC()
	before, most := inUse(), uint64(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			select {
			case <-stop:
				tick.Stop()
				return
			case <-tick.C:
				if now := inUse(); now > before {
					most = max(most, now-before)
				}
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-stopped
		return most
	}
}

// TestSweptAtStart: content without a row, as a restored copy has it, goes; a row
// without content is no file.
func TestSweptAtStart(t *testing.T) {
	dir := t.TempDir()
	begin := func() *store.Store {
		s, err := store.Open(t.Context(), "", dir)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := begin()
	kept := create(t, file.New(s, file.Options{}).Of(ours), "a", "content")
	gone := create(t, file.New(s, file.Options{}).Of(ours), "b", "content")
	stray := filepath.Join(dir, "files", "1", "STRAY")
	err := errors.Join(s.Close(), os.WriteFile(stray, []byte("x"), 0o600), os.Remove(filepath.Join(dir, "files", "1", strings.TrimPrefix(gone.File, "file:"))))
	if err != nil {
		t.Fatal(err)
	}
	s = begin()
	defer s.Close()
	if _, err := os.Stat(stray); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what nobody knows is there: %v", err)
	}
	files := file.New(s, file.Options{}).Of(ours)
	if content, _ := read(t, files, kept.File); content != "content" {
		t.Errorf("what is known has %q", content)
	}
	if _, _, err := files.Open(t.Context(), gone.File); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("without its content: %v", err)
	}
}

// TestDeletedWhileRead: whoever reads a file that goes gets an error, and not half
// of it for the whole.
func TestDeletedWhileRead(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ string) {
		files := file.New(s, file.Options{})
		content := bytes.Repeat([]byte("x"), 3<<20)
		made := create(t, files.Of(ours), "a", string(content))
		r, _, err := files.Of(ours).Open(t.Context(), made.File)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := io.ReadFull(r, make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
		if err := s.DeleteFile(t.Context(), ours, strings.TrimPrefix(made.File, "file:")); err != nil {
			t.Fatal(err)
		}
		rest, err := io.ReadAll(r)
		if whole := len(rest) == 2<<20; whole != (err == nil) {
			t.Errorf("%d bytes more, %v", len(rest), err)
		}
		if _, _, err := files.Of(ours).Open(t.Context(), made.File); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("opened again: %v", err)
		}
	})
}
