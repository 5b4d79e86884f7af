package utility_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/utility"
)

// party is a server for files, as a connector knows it.
type party struct {
	protocol string
	dir      string
	settings values
}

// parties are a server of each kind.
func parties(t *testing.T) map[string]party {
	own, authority := certificate(t)
	plain := startFTP(t, &ftpServer{})
	old := startFTP(t, &ftpServer{noMLST: true})
	explicit := startFTP(t, &ftpServer{tls: own})
	implicit := startFTP(t, &ftpServer{tls: own, implicit: true})
	ssh := startSFTP(t, &sftpServer{})
	trust := func(s *ftpServer, encryption string) values {
		return with(hostAndPort(s.address), "Encryption", encryption, "CertificateAuthority", authority)
	}
	return map[string]party{
		"FTP":            {"ftp", plain.dir, hostAndPort(plain.address)},
		"FTP with LIST":  {"ftp", old.dir, hostAndPort(old.address)},
		"FTPS":           {"ftps", explicit.dir, trust(explicit, "Explicit")},
		"FTPS, implicit": {"ftps", implicit.dir, trust(implicit, "Implicit")},
		"SFTP":           {"sftp", ssh.dir, ssh.settings()},
	}
}

func (p party) operation(parameters values, request any) invoke.Operation {
	return invoke.Operation{User: "ada", Password: "s3cr3t-word", Properties: p.settings, Parameters: parameters, Request: request}
}

func (p party) write(t *testing.T, name, content string, at time.Time) {
	t.Helper()
	path := filepath.Join(p.dir, name)
	if err := errorOf(os.WriteFile(path, []byte(content), 0o600), os.Chtimes(path, at, at)); err != nil {
		t.Fatal(err)
	}
}

func (p party) names(t *testing.T) (all []string) {
	t.Helper()
	found, err := os.ReadDir(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		all = append(all, f.Name())
	}
	return all
}

// TestTransfers does all that can be done to files, on each kind of server.
func TestTransfers(t *testing.T) {
	for name, p := range parties(t) {
		t.Run(name, func(t *testing.T) {
			w, before := newWorld(t, utility.NetworkOptions{Timeout: 20 * time.Second}), runtime.NumGoroutine()
			t.Run("list", func(t *testing.T) { listFiles(t, w, p) })
			t.Run("download", func(t *testing.T) { download(t, w, p) })
			t.Run("upload", func(t *testing.T) { upload(t, w, p) })
			t.Run("new files", func(t *testing.T) { newOnes(t, w, p) })
			t.Run("change", func(t *testing.T) { change(t, w, p) })
			settled(t, before+2)
		})
	}
}

func listFiles(t *testing.T, w *world, p party) {
	day := time.Date(time.Now().Year(), time.Now().Month(), 1, 0, 0, 0, 0, time.UTC).Add(-30*24*time.Hour + 12*time.Hour + 34*time.Minute)
	p.write(t, "b.csv", "b,b", day)
	p.write(t, "a.csv", "a", day)
	p.write(t, "c.txt", "c", day)
	if err := os.Mkdir(filepath.Join(p.dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	file := func(name, size string) any {
		return doc{"Name": name, "Path": name, "Folder": false, "Size": json.Number(size), "Modified": day.Format(time.RFC3339)}
	}
	got := w.must(t, p.protocol+".list", p.operation(values{"Pattern": "*.csv"}, nil))
	if diff := cmp.Diff(any(doc{"Files": []any{file("a.csv", "1"), file("b.csv", "3")}, "More": false}), got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	got = w.must(t, p.protocol+".list", p.operation(values{"Limit": "1"}, nil))
	if at(got, "More") != true || at(got, "Files", 0, "Name") != "a.csv" || at(got, "Files", 1) != nil {
		t.Errorf("the first: %v", got)
	}
	got = w.must(t, p.protocol+".list", p.operation(values{"Kind": "Folders", "Folder": "/"}, nil))
	if p.protocol != "sftp" && (at(got, "Files", 0, "Path") != "/sub" || at(got, "Files", 1) != nil) {
		t.Errorf("folders: %v", got)
	}
	w.fails(t, p.protocol+".list", p.operation(values{"Folder": "none"}, nil), invoke.Permanent)
	w.fails(t, p.protocol+".list", p.operation(values{"Pattern": "["}, nil), invoke.Build, "Pattern")
	w.fails(t, p.protocol+".list", p.operation(values{"Limit": "0"}, nil), invoke.Build, "Limit")
	wrong := p.operation(nil, nil)
	wrong.Password = "wr0ng-word"
	w.fails(t, p.protocol+".list", wrong, invoke.Auth)
}

func download(t *testing.T, w *world, p party) {
	long := strings.Repeat("0123456789", 300_000)
	p.write(t, "long.csv", long, time.Now())
	got := w.must(t, p.protocol+".download", p.operation(values{"Path": "long.csv"}, nil))
	if at(got, "File", "FileName") != "long.csv" || !strings.HasPrefix(at(got, "File", "ContentType").(string), "text/csv") || at(got, "File", "Size") != json.Number("3000000") {
		t.Errorf("got %v", got)
	}
	if w.files.content(t, at(got, "File")) != long {
		t.Error("the content is another")
	}
	w.must(t, p.protocol+".download", p.operation(values{"Path": "long.csv", "Delete": "true"}, nil))
	w.fails(t, p.protocol+".download", p.operation(values{"Path": "long.csv"}, nil), invoke.Permanent)
	w.fails(t, p.protocol+".download", p.operation(nil, nil), invoke.Build, "Path is required")
	p.write(t, "empty", "", time.Now())
	if got := w.must(t, p.protocol+".download", p.operation(values{"Path": "empty"}, nil)); w.files.content(t, at(got, "File")) != "" {
		t.Errorf("an empty one: %v", got)
	}
	p.write(t, "toolong", "12345", time.Now())
	w.files.most = 4
	defer func() { w.files.most = 1 << 30 }()
	w.fails(t, p.protocol+".download", p.operation(values{"Path": "toolong"}, nil), invoke.Build, "too long")
}

func upload(t *testing.T, w *world, p party) {
	long := strings.Repeat("abcdefghij", 200_000)
	file, err := w.files.Create(t.Context(), "report.csv", "text/csv", strings.NewReader(long))
	if err != nil {
		t.Fatal(err)
	}
	send := func(parameters values, request any) any {
		o := p.operation(parameters, request)
		o.IdempotencyKey = "key"
		return w.must(t, p.protocol+".upload", o)
	}
	read := func(name string) string {
		t.Helper()
		content, err := os.ReadFile(filepath.Join(p.dir, name))
		if err != nil {
			t.Error(err)
		}
		return string(content)
	}
	got := send(nil, doc{"File": file.Document()})
	if diff := cmp.Diff(any(doc{"Path": "report.csv", "Name": "report.csv", "Size": json.Number("2000000")}), got); diff != "" || read("report.csv") != long {
		t.Errorf("-want +got\n%s", diff)
	}
	send(values{"Folder": "sub"}, doc{"File": "just text", "FileName": "note.txt"})
	send(nil, doc{"File": doc{"FileName": "report.csv", "Content": "short"}})
	send(nil, doc{"File": doc{"FileName": "empty.csv", "Data": ""}})
	if read("sub/note.txt") != "just text" || read("report.csv") != "short" || read("empty.csv") != "" {
		t.Errorf("%q, %q", read("sub/note.txt"), read("report.csv"))
	}
	w.fails(t, p.protocol+".upload", p.operation(values{"Overwrite": "false"}, doc{"File": "other", "FileName": "report.csv"}), invoke.Permanent, "already")
	for _, name := range []string{"../out", "a/b", `a\b`, "..", "a\r\nDELE b", "\x00"} {
		w.fails(t, p.protocol+".upload", p.operation(nil, doc{"File": "x", "FileName": name}), invoke.Build, "FileName")
	}
	w.fails(t, p.protocol+".upload", p.operation(nil, doc{}), invoke.Build, "File is required")
	w.fails(t, p.protocol+".upload", p.operation(nil, doc{"File": "file:none"}), invoke.Build, "no such file")
	w.fails(t, p.protocol+".upload", p.operation(values{"Folder": "none"}, doc{"File": "x"}), invoke.Permanent)
	for _, name := range p.names(t) {
		if strings.HasSuffix(name, ".part") {
			t.Errorf("%s was left", name)
		}
	}
	if read("report.csv") != "short" {
		t.Error("it was written over")
	}
}

func newOnes(t *testing.T, w *world, p party) {
	now := time.Now().UTC().Truncate(time.Second)
	since := now.Add(-2 * time.Hour)
	p.write(t, "older.new", "1", since.Add(-2*time.Minute))
	p.write(t, "second.new", "22", now.Add(-time.Hour))
	p.write(t, "first.new", "333", now.Add(-90*time.Minute))
	got := w.must(t, p.protocol+".new_files", p.operation(values{"Pattern": "*.new", "Since": since.Format(time.RFC3339)}, nil))
	if at(got, "Files", 0, "Name") != "first.new" || at(got, "Files", 1, "Name") != "second.new" || at(got, "Files", 2) != nil {
		t.Fatalf("got %v", got)
	}
	if text := w.files.content(t, at(got, "Files", 0, "Content")); text != "333" {
		t.Errorf("its content is %q", text)
	}
	got = w.must(t, p.protocol+".new_files", p.operation(values{"Pattern": "*.new", "Since": since.Format(time.RFC3339), "Download": "false", "Limit": "1"}, nil))
	if at(got, "More") != true || at(got, "Files", 0, "Content") != nil {
		t.Errorf("without content: %v", got)
	}
	// What changed within the second, or the minute, in which the last run began is
	// not lost.
	p.write(t, "edge.new", "4", now.Add(-time.Minute))
	got = w.must(t, p.protocol+".new_files", p.operation(values{"Pattern": "edge.new", "Since": now.Add(-time.Minute + 900*time.Millisecond).Format(time.RFC3339Nano)}, nil))
	if at(got, "Files", 0, "Name") != "edge.new" {
		t.Errorf("at the edge: %v", got)
	}
	w.fails(t, p.protocol+".new_files", p.operation(values{"Since": "yesterday"}, nil), invoke.Build, "Since")
}

func change(t *testing.T, w *world, p party) {
	w.must(t, p.protocol+".make_folder", p.operation(values{"Path": "made"}, nil))
	p.write(t, "from.txt", "from", time.Now())
	p.write(t, "there.txt", "there", time.Now())
	w.must(t, p.protocol+".rename", p.operation(values{"Path": "from.txt", "NewPath": "made/to.txt"}, nil))
	w.fails(t, p.protocol+".rename", p.operation(values{"Path": "made/to.txt", "NewPath": "there.txt"}, nil), invoke.Permanent, "already")
	w.fails(t, p.protocol+".delete_folder", p.operation(values{"Path": "made"}, nil), invoke.Permanent)
	w.must(t, p.protocol+".rename", p.operation(values{"Path": "made/to.txt", "NewPath": "there.txt", "Overwrite": "yes"}, nil))
	if content, err := os.ReadFile(filepath.Join(p.dir, "there.txt")); string(content) != "from" {
		t.Errorf("%q, %v", content, err)
	}
	w.must(t, p.protocol+".delete", p.operation(values{"Path": "there.txt"}, nil))
	w.must(t, p.protocol+".delete_folder", p.operation(values{"Path": "made"}, nil))
	for _, name := range p.names(t) {
		if name == "made" || name == "there.txt" || name == "from.txt" {
			t.Errorf("%s is still there", name)
		}
	}
	w.fails(t, p.protocol+".delete", p.operation(values{"Path": "there.txt"}, nil), invoke.Permanent)
	w.fails(t, p.protocol+".rename", p.operation(values{"Path": "x"}, nil), invoke.Build, "NewPath is required")
	w.fails(t, p.protocol+".make_folder", p.operation(values{"Path": "sub"}, nil), invoke.Permanent)
}
