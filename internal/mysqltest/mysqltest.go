// Package mysqltest gives tests a real server that speaks MySQL's protocol:
// MariaDB's.
//
// [Start] makes one for the purpose in a temporary folder with the MariaDB that is
// installed here, on a free port of the loopback interface, and removes it when
// the test ends. That takes a second or two, so the tests of a package share one.
//
// Where MariaDB is not installed, tests are skipped; see package skip.
package mysqltest

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/skip"
)

const (
	startTimeout = time.Minute
	// Another process may take the free port between its choice and its use.
	startAttempts = 3
)

// Server is a server of the test's own, with an empty database test.
type Server struct {
	Address        string // host:port
	User, Password string // may do anything

	dir     string
	process *os.Process
	exited  chan struct{}
}

// Start starts a server, with further settings such as --local-infile=ON.
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	daemon, err := find("mariadbd")
	if err == nil {
		_, err = find("mariadb-install-db")
	}
	if err != nil {
		skip.Missing(t, "MariaDB is not installed: %v. Install it (Debian: apt-get install mariadb-server)", err)
	}
	s := &Server{User: "tester", Password: rand.Text(), dir: t.TempDir()}
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	if err := s.create(ctx); err != nil {
		t.Fatal(err)
	}
	for range startAttempts {
		if err = s.serve(ctx, daemon, settings); err == nil {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.process.Kill() // its data needs no goodbye
		<-s.exited
	})
	return s
}

// find finds a program, also where only root's path leads.
func find(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err == nil {
		return path, nil
	}
	for _, folder := range []string{"/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"} {
		if path, err := exec.LookPath(filepath.Join(folder, name)); err == nil {
			return path, nil
		}
	}
	return "", err
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// create makes the files of the server, and a statement for its first start.
func (s *Server) create(ctx context.Context) error {
	install, err := find("mariadb-install-db")
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, install, "--no-defaults", "--datadir="+s.data(), "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")
	if os.Geteuid() == 0 {
		cmd.Args = append(cmd.Args, "--user=root")
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("mariadb-install-db: %w\n%s", err, out)
	}
	first := fmt.Sprintf("CREATE DATABASE test; CREATE USER '%[1]s'@'%%' IDENTIFIED BY '%[2]s'; GRANT ALL ON *.* TO '%[1]s'@'%%';\n", s.User, s.Password)
	return os.WriteFile(s.first(), []byte(strings.ReplaceAll(first, "; ", ";\n")), 0o600)
}

func (s *Server) first() string { return filepath.Join(s.dir, "first.sql") }

func (s *Server) serve(ctx context.Context, daemon string, settings []string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	cmd := exec.Command(daemon, append([]string{
		"--no-defaults", "--datadir=" + s.data(), "--socket=" + filepath.Join(s.dir, "socket"), "--pid-file=" + filepath.Join(s.dir, "pid"),
		"--bind-address=127.0.0.1", "--port=" + strconv.Itoa(port), "--skip-name-resolve", "--init-file=" + s.first(),
		"--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M", "--innodb-flush-log-at-trx-commit=0", "--performance-schema=OFF",
	}, settings...)...)
	if os.Geteuid() == 0 {
		cmd.Args = append(cmd.Args, "--user=root")
	}
	contain(cmd)
	log, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := s.launch(cmd); err != nil {
		return err
	}
	s.Address = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if err := s.ready(ctx, log); err != nil {
		_ = s.process.Kill()
		<-s.exited
		return err
	}
	return nil
}

// launch starts the server from a thread that lives as long as it does: its
// parent, in the eyes of Linux, is the thread, and it dies with its parent.
func (s *Server) launch(cmd *exec.Cmd) error {
	started := make(chan error)
	s.exited = make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(s.exited)
		err := cmd.Start()
		started <- err
		if err == nil {
			_, _ = cmd.Process.Wait()
		}
	}()
	err := <-started
	s.process = cmd.Process
	return err
}

// ready reads the server's log until it says that it is, and goes on reading, so
// that the server never waits to write.
func (s *Server) ready(ctx context.Context, log io.Reader) error {
	result := make(chan error, 1)
	go func() {
		var before strings.Builder
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "ready for connections") {
				result <- nil
				_, _ = io.Copy(io.Discard, log)
				return
			}
			before.WriteString(lines.Text() + "\n")
		}
		result <- fmt.Errorf("MariaDB did not start:\n%s", before.String())
	}()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return fmt.Errorf("start MariaDB: %w", ctx.Err())
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
