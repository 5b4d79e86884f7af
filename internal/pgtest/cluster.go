package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// ErrNotInstalled says that this machine has no PostgreSQL.
var ErrNotInstalled = errors.New("PostgreSQL is not installed: no initdb in PATH or /usr/lib/postgresql/*/bin. " +
	"Install it (Debian: apt-get install postgresql), or set " + Env + " to the URL of a server")

const (
	startTimeout = time.Minute
	stopTimeout  = 10 * time.Second
	// Another process may take the free port between its choice and its use.
	startAttempts = 3
)

// Options say how a cluster differs from PostgreSQL's defaults.
type Options struct {
	// Settings are further server settings, such as "fsync=off".
	Settings []string
}

// Cluster is a PostgreSQL server of our own. It ends with this process, even
// when that is killed (on Linux), though its folder then stays.
type Cluster struct {
	bin, dir string
	password string
	port     int
	process  *os.Process
	exited   <-chan struct{}
}

// Start makes a cluster in a temporary folder and starts it.
//
// Errors: [ErrNotInstalled].
func Start(ctx context.Context, o Options) (*Cluster, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tandem-postgres-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin, dir: dir, password: rand.Text()}
	if err := c.create(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	for range startAttempts {
		if err = c.serve(ctx, o.Settings); err == nil {
			return c, nil
		}
	}
	return nil, errors.Join(err, os.RemoveAll(dir))
}

// URL is the address of the cluster, for a user who may do anything.
func (c *Cluster) URL() string {
	return fmt.Sprintf("postgres://postgres:%s@127.0.0.1:%d/postgres?sslmode=disable", c.password, c.port)
}

// PID is that of the server's first process, whose children the others are.
func (c *Cluster) PID() int { return c.process.Pid }

// Stop ends the server, cutting off whoever is connected, and removes its
// folder.
func (c *Cluster) Stop() {
	// SIGQUIT is PostgreSQL's immediate shutdown; this data needs no goodbye.
	if err := quit(c.process); err != nil {
		_ = c.process.Kill()
	}
	select {
	case <-c.exited:
	case <-time.After(stopTimeout):
		_ = c.process.Kill()
		<-c.exited
	}
	_ = os.RemoveAll(c.dir)
}

// create makes the cluster's files.
func (c *Cluster) create(ctx context.Context) error {
	// A password, because any user of this machine can reach the port.
	secret := filepath.Join(c.dir, "password")
	if err := os.WriteFile(secret, []byte(c.password), 0o600); err != nil {
		return err
	}
	if err := own(c.dir, secret); err != nil {
		return fmt.Errorf("hand %s to the user who runs PostgreSQL: %w", c.dir, err)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin, "initdb"), "--no-sync", "--no-locale", "--encoding=UTF8",
		"--username=postgres", "--auth=scram-sha-256", "--pwfile="+secret, "--pgdata="+c.data())
	cmd.Dir = c.dir
	if err := contain(cmd); err != nil {
		return err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// serve starts the server on a free port and waits until it takes connections.
func (c *Cluster) serve(ctx context.Context, settings []string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	args := []string{"-D", c.data(), "-p", strconv.Itoa(port)}
	for _, s := range append([]string{
		"listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200", "shared_buffers=64MB",
	}, settings...) {
		args = append(args, "-c", s)
	}
	cmd := exec.Command(filepath.Join(c.bin, "postgres"), args...)
	cmd.Dir = c.dir
	if err := contain(cmd); err != nil {
		return err
	}
	log, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if c.exited, err = Launch(cmd); err != nil {
		return err
	}
	c.port, c.process = port, cmd.Process
	if err := Await(ctx, log, "PostgreSQL", "ready to accept connections"); err != nil {
		if ctx.Err() != nil {
			_ = c.process.Kill()
		}
		return err
	}
	return nil
}

// binaries finds the folder of PostgreSQL's programs, the newest if several.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		// Through the link: initdb looks for the others beside itself.
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	found, newest := "", -1
	candidates, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	for _, c := range candidates {
		bin := filepath.Dir(c)
		if version, err := strconv.Atoi(filepath.Base(filepath.Dir(bin))); err == nil && version > newest {
			found, newest = bin, version
		}
	}
	if found == "" {
		return "", ErrNotInstalled
	}
	return found, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
