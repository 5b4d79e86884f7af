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
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/pgtest"
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
	exited  <-chan struct{}
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
	if s.exited, err = pgtest.Launch(cmd); err != nil {
		return err
	}
	s.process = cmd.Process
	s.Address = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if err := pgtest.Await(ctx, log, "MariaDB", "ready for connections"); err != nil {
		_ = s.process.Kill()
		<-s.exited
		return err
	}
	return nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
