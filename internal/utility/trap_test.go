package utility_test

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/egress/egresstest"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/skip"
	"github.com/tandem-ipaas/tandem/internal/utility"
)

// calls is an operation of each protocol, which has all that it needs but a
// server.
func calls() map[string]invoke.Operation {
	const key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	o := func(properties, parameters values) invoke.Operation {
		return invoke.Operation{
			User: "ada", Password: "s3cr3t-word", Properties: properties, Parameters: parameters,
			Request: doc{"To": "ada@example.com", "From": "bob@example.com", "Text": "x"},
		}
	}
	return map[string]invoke.Operation{
		"ftp.list": o(nil, nil), "ftps.list": o(nil, nil), "sftp.list": o(values{"HostKey": key}, nil), "smtp.send": o(values{"Encryption": "None"}, nil),
		"postgresql.query": o(values{"Encryption": "None"}, values{"Query": "SELECT 1"}),
		"mysql.query":      o(values{"Encryption": "None"}, values{"Query": "SELECT 1"}),
		"sqlserver.query":  o(values{"Encryption": "None"}, values{"Query": "SELECT 1"}),
	}
}

// towards gives an operation a server.
func towards(o invoke.Operation, host, port string) invoke.Operation {
	o.Properties = with(o.Properties, "Host", host, "Port", port)
	return o
}

// TestForbiddenAddresses tries every way to write an address that must not be
// reached, by every protocol.
func TestForbiddenAddresses(t *testing.T) {
	canary := egresstest.NewCanary(t, "220 come in\r\n")
	w := dialing(t, utility.NetworkOptions{Timeout: 2 * time.Second})
	var wg sync.WaitGroup
	for name, o := range calls() {
		wg.Go(func() { // names that nobody has take their time
			for _, host := range egresstest.Hosts() {
				for _, host := range slices.Compact([]string{host, egresstest.Plain(host)}) {
					if answer, err := w.run(t, name, towards(o, host, canary.Port)); err == nil {
						t.Errorf("%s with %s answered %v", name, host, answer)
					}
				}
			}
		})
	}
	wg.Wait()
	for name, o := range calls() {
		w.fails(t, name, towards(o, "127.0.0.1", canary.Port), invoke.Permanent, "address refused")
		w.fails(t, name, towards(o, "::1", canary.Port), invoke.Permanent, "address refused")
		// Neither does a setting smuggle an address in.
		for _, host := range []string{"127.0.0.1:" + canary.Port, "example.com,127.0.0.1", "/var/run/postgresql", `127.0.0.1\SQLEXPRESS`, "127.0.0.1/x?host=127.0.0.1", "127.0.0.1 port=1", "tcp(127.0.0.1)"} {
			if _, err := w.run(t, name, towards(o, host, canary.Port)); err == nil {
				t.Errorf("%s with %s answered", name, host)
			}
		}
	}
	names := egress.New(egress.Options{Resolver: egresstest.Names(t, netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("::1"))})
	t.Cleanup(names.Close)
	w.all = utility.Network(names, w.files, utility.NetworkOptions{Timeout: 2 * time.Second})
	for name, o := range calls() {
		for range 3 {
			w.fails(t, name, towards(o, "rebinding.test", canary.Port), invoke.Permanent, "address refused")
		}
	}
	if all := canary.Reached(); len(all) > 0 {
		t.Errorf("the canary was reached at %v", all)
	}
	// It can be reached at all, by each.
	w = newWorld(t, utility.NetworkOptions{Timeout: 2 * time.Second})
	for name, o := range calls() {
		before := len(canary.Reached())
		if _, err := w.run(t, name, towards(o, "127.0.0.1", canary.Port)); err == nil || len(canary.Reached()) != before+1 {
			t.Errorf("%s, allowed: %v, the canary was reached %v", name, err, canary.Reached()[before:])
		}
	}
}

// TestEnvironmentIsNotRead sets all that the libraries might take from there, and
// each setting leads to the canary.
func TestEnvironmentIsNotRead(t *testing.T) {
	canary := egresstest.NewCanary(t, "")
	b := postgresBase(t)
	folder := t.TempDir()
	service, pass := filepath.Join(folder, "service.conf"), filepath.Join(folder, "pgpass")
	text := fmt.Sprintf("[evil]\nhost=127.0.0.1\nport=%s\nuser=evil\nsslmode=require\noptions=-c search_path=evil\n", canary.Port)
	if err := errorOf(os.WriteFile(service, []byte(text), 0o600), os.WriteFile(pass, []byte("*:*:*:*:evil\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	proxy := "http://127.0.0.1:" + canary.Port
	for name, value := range (values{
		"PGHOST": "127.0.0.1", "PGPORT": canary.Port, "PGUSER": "evil", "PGPASSWORD": "evil", "PGPASSFILE": pass, "PGSERVICE": "evil", "PGSERVICEFILE": service,
		"PGSSLMODE": "require", "PGSSLCERT": pass, "PGSSLKEY": pass, "PGSSLROOTCERT": pass, "PGSSLNEGOTIATION": "direct", "PGOPTIONS": "-c search_path=evil", "PGTZ": "Asia/Tokyo",
		"PGTARGETSESSIONATTRS": "standby", "PGAPPNAME": "evil", "PGCONNECT_TIMEOUT": "1", "PGREQUIREAUTH": "none", "PGCHANNELBINDING": "require",
		"PGMINPROTOCOLVERSION": "3.2", "PGMAXPROTOCOLVERSION": "3.2", "HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "ALL_PROXY": proxy, "MSSQL_USE_EPA": "nonsense", "HOME": folder,
	}) {
		t.Setenv(name, value)
	}
	w := newWorld(t, utility.NetworkOptions{Timeout: 10 * time.Second})
	got := b.query(t, w, "SELECT current_user AS u, current_setting('search_path') AS path, current_setting('timezone') AS zone, current_setting('application_name') AS app", nil)
	if at(got, 0, "u") != b.user || strings.Contains(fmt.Sprint(got), "evil") || at(got, 0, "zone") != "UTC" || at(got, 0, "app") != "Tandem" {
		t.Errorf("got %v", got)
	}
	empty := b
	empty.password = ""
	if _, err := w.run(t, "postgresql.query", empty.operation(values{"Query": "SELECT 1"}, nil)); err == nil {
		t.Error("signed in without a password")
	}
	for name, p := range parties(t) {
		if _, err := w.run(t, p.protocol+".list", p.operation(nil, nil)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all := canary.Reached(); len(all) > 0 {
		t.Errorf("the canary was reached at %v", all)
	}
}

// elsewhere listens where only a server that leads astray would lead.
func elsewhere(t *testing.T) (l net.Listener, reached func() bool) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		skip.Missing(t, "127.0.0.2 is not an address here: %v", err)
	}
	came := make(chan struct{}, 10)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			came <- struct{}{}
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close() })
	return l, func() bool { return len(came) > 0 }
}

// TestFTPLeadsNowhereElse: a server that names another host for the data gets its
// own called.
func TestFTPLeadsNowhereElse(t *testing.T) {
	l, reached := elsewhere(t)
	port := l.Addr().(*net.TCPAddr).Port
	for name, hook := range map[string]func(c *ftpConn, command, arg string) bool{
		"PASV": func(c *ftpConn, command, _ string) bool {
			switch command {
			case "EPSV":
				c.say("502 not known")
			case "PASV":
				c.say("227 entering (127,0,0,2,%d,%d)", port/256, port%256)
			default:
				return false
			}
			return true
		},
		"EPSV": func(c *ftpConn, command, _ string) bool {
			if command == "EPSV" {
				c.say("229 entering (|1|127.0.0.2|%d|)", port)
			}
			if command == "PASV" {
				c.say("227 entering (127,0,0,2,%d,%d)", port/256, port%256)
			}
			return command == "EPSV" || command == "PASV"
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := startFTP(t, &ftpServer{hook: hook})
			p := party{"ftp", s.dir, hostAndPort(s.address)}
			w := newWorld(t, utility.NetworkOptions{Timeout: 5 * time.Second})
			if answer, err := w.run(t, "ftp.list", p.operation(nil, nil)); err == nil || reached() {
				t.Errorf("%v, %v; reached %v", answer, err, reached())
			}
		})
	}
}

// TestFTPCommands: no text of ours becomes a command, and no password goes out
// unless the connection is as it should be.
func TestFTPCommands(t *testing.T) {
	s := startFTP(t, &ftpServer{hook: func(c *ftpConn, command, _ string) bool {
		if command == "AUTH" {
			c.say("502 no TLS here")
		}
		return command == "AUTH"
	}})
	p := party{"ftp", s.dir, hostAndPort(s.address)}
	w := newWorld(t, utility.NetworkOptions{Timeout: 5 * time.Second})
	for _, path := range []string{"a\r\nDELE b", "a\nDELE b", "a\rDELE b"} {
		w.fails(t, "ftp.delete", p.operation(values{"Path": path}, nil), invoke.Build, "line breaks")
		w.fails(t, "ftp.download", p.operation(values{"Path": path}, nil), invoke.Build, "line breaks")
	}
	if s.heard("DELE") {
		t.Error("a path became a command")
	}
	plain := startFTP(t, &ftpServer{hook: s.hook})
	p.settings = hostAndPort(plain.address)
	w.fails(t, "ftps.list", p.operation(nil, nil), invoke.Permanent, "502")
	own, _ := certificate(t)
	unknown := startFTP(t, &ftpServer{tls: own})
	p.settings = hostAndPort(unknown.address)
	w.fails(t, "ftps.list", p.operation(nil, nil), invoke.Permanent, "does not show who it is")
	for _, s := range []*ftpServer{plain, unknown} {
		if s.heard("PASS") || s.heard("USER") {
			t.Errorf("credentials went out: %q", s.said)
		}
	}
}

// TestFTPCut: a file that did not come whole is none.
func TestFTPCut(t *testing.T) {
	s := startFTP(t, &ftpServer{cut: true})
	p := party{"ftp", s.dir, hostAndPort(s.address)}
	p.write(t, "a.csv", "abc", time.Now())
	w := newWorld(t, utility.NetworkOptions{Timeout: 5 * time.Second})
	w.fails(t, "ftp.download", p.operation(values{"Path": "a.csv"}, nil), invoke.Transient, "426")
	if len(w.files.kept) != 0 {
		t.Errorf("kept %v", w.files.kept)
	}
}

// TestSFTPSignIn: only the server that is known is told a password.
func TestSFTPSignIn(t *testing.T) {
	s := startSFTP(t, &sftpServer{})
	w := newWorld(t, utility.NetworkOptions{Timeout: 10 * time.Second})
	list := func(properties values, password string) invoke.Operation {
		return invoke.Operation{User: "ada", Password: password, Properties: properties}
	}
	whole := string(ssh.MarshalAuthorizedKey(s.host))
	for what, properties := range map[string]values{
		"a fingerprint":      s.settings(),
		"as ssh-keygen says": s.settings("HostKey", "256 "+ssh.FingerprintSHA256(s.host)+" host (ED25519)"),
		"the key":            s.settings("HostKey", whole),
		"known_hosts":        s.settings("HostKey", "example.com "+whole),
		"one of two":         s.settings("HostKey", "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"+whole),
	} {
		if _, err := w.run(t, "sftp.list", list(properties, "s3cr3t-word")); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	w.must(t, "sftp.list", list(s.settings("PrivateKey", s.key), ""))
	_, other := newKey(t)
	w.fails(t, "sftp.list", list(s.settings("PrivateKey", other), ""), invoke.Auth)
	w.fails(t, "sftp.list", list(s.settings("PrivateKey", "none"), ""), invoke.Build, "PrivateKey")
	w.fails(t, "sftp.list", list(s.settings(), ""), invoke.Build, "password or PrivateKey")
	w.fails(t, "sftp.list", list(s.settings("HostKey", "nonsense"), "x"), invoke.Build, "HostKey")
	w.fails(t, "sftp.list", list(s.settings("HostKey", ""), "s3cr3t-word"), invoke.Auth, "not known", ssh.FingerprintSHA256(s.host))
	stranger := startSFTP(t, &sftpServer{})
	w.fails(t, "sftp.list", list(stranger.settings("HostKey", whole), "s3cr3t-word"), invoke.Auth, "not known", ssh.FingerprintSHA256(stranger.host))
	if n := stranger.asked.Load(); n != 0 {
		t.Errorf("a server that is not known was told %d passwords", n)
	}
	none := startSFTP(t, &sftpServer{refused: true})
	w.fails(t, "sftp.list", list(none.settings(), "s3cr3t-word"), invoke.Permanent, "does not offer SFTP")
}

// TestSMTPPassword: without the encryption that is asked for, no password.
func TestSMTPPassword(t *testing.T) {
	heard := make(chan string, 100)
	address := listen(t, func(conn net.Conn) {
		fmt.Fprint(conn, "220 hello\r\n")
		line := make([]byte, 512)
		for {
			n, err := conn.Read(line)
			if err != nil {
				return
			}
			heard <- string(line[:n])
			fmt.Fprint(conn, "250-localhost\r\n250 AUTH PLAIN LOGIN\r\n")
		}
	})
	w := newWorld(t, utility.NetworkOptions{Timeout: 5 * time.Second})
	o := calls()["smtp.send"]
	o.Properties = hostAndPort(address)
	w.fails(t, "smtp.send", o, invoke.Permanent, "STARTTLS")
	for len(heard) > 0 {
		if line := <-heard; strings.HasPrefix(line, "AUTH") {
			t.Errorf("said %q", line)
		}
	}
}

// TestMySQLReadsNoFile: a server that asks for a file of ours gets none.
func TestMySQLReadsNoFile(t *testing.T) {
	b, w := mySQLBase(t, "--local-infile=ON"), newWorld(t, utility.NetworkOptions{Timeout: 20 * time.Second})
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("a secret of this machine\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	b.do(t, w, "CREATE TABLE stolen (line text)")
	for _, name := range []string{file, "Reader::" + file} {
		if answer, err := w.run(t, "mysql.execute", b.operation(values{"Statement": "LOAD DATA LOCAL INFILE '" + name + "' INTO TABLE stolen"}, nil)); err == nil {
			t.Errorf("%s: %v", name, answer)
		}
	}
	if got := b.query(t, w, "SELECT count(*) AS n FROM stolen", nil); fmt.Sprint(at(got, 0, "n")) != "0" {
		t.Errorf("stolen: %v", got)
	}
}

// TestServersThatHang: whoever does not answer, or does not end, is left in time,
// and nothing of it stays.
func TestServersThatHang(t *testing.T) {
	servers := map[string]func(net.Conn){
		"silent":   func(c net.Conn) { _, _ = io.Copy(io.Discard, c) },
		"babbling": babble("x"),
		"lines":    babble("220-and more\r\n"),
		"zeros":    babble("\x00\x00\x00\x00"),
		"trickles": func(c net.Conn) {
			for {
				if _, err := c.Write([]byte("2")); err != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		},
		"hangs up": func(net.Conn) {},
		"deaf": func(c net.Conn) { // says hello, then nothing
			_, _ = c.Write([]byte("220 hello\r\n"))
			_, _ = io.Copy(io.Discard, c)
		},
	}
	for name, serve := range servers {
		t.Run(name, func(t *testing.T) {
			address := listen(t, serve)
			host, port, _ := net.SplitHostPort(address)
			w := newWorld(t, utility.NetworkOptions{Timeout: 500 * time.Millisecond, FileTime: time.Second, MaxReply: 1 << 20})
			before := runtime.NumGoroutine()
			for operation, o := range calls() {
				begun := time.Now()
				if answer, err := w.run(t, operation, towards(o, host, port)); err == nil {
					t.Errorf("%s answered %v", operation, answer)
				}
				if took := time.Since(begun); took > 30*time.Second {
					t.Errorf("%s took %v", operation, took)
				}
			}
			settled(t, before+2)
		})
	}
}

func babble(text string) func(net.Conn) {
	text = strings.Repeat(text, 1000)
	return func(c net.Conn) {
		go func() { _, _ = io.Copy(io.Discard, c) }()
		for {
			if _, err := io.WriteString(c, text); err != nil {
				return
			}
		}
	}
}

// TestFTPHangs: a server that stops in the middle of things is left in time, too.
func TestFTPHangs(t *testing.T) {
	for _, at := range []string{"USER", "PASS", "FEAT", "TYPE", "EPSV", "MLSD", "RETR", "STOR", "RNTO"} {
		t.Run(at, func(t *testing.T) {
			s := startFTP(t, &ftpServer{hook: func(c *ftpConn, command, _ string) bool {
				if command == at {
					_, _ = io.Copy(io.Discard, c.conn)
				}
				return false
			}})
			p := party{"ftp", s.dir, hostAndPort(s.address)}
			p.write(t, "a", "abc", time.Now())
			w, before := newWorld(t, utility.NetworkOptions{Timeout: 300 * time.Millisecond}), runtime.NumGoroutine()
			for name, o := range map[string]invoke.Operation{
				"ftp.new_files": p.operation(values{"Since": "1970-01-01T00:00:00Z"}, nil),
				"ftp.upload":    p.operation(nil, doc{"File": "x"}),
			} {
				if _, err := w.run(t, name, o); err != nil && !strings.Contains(err.Error(), "did nothing for too long") {
					t.Errorf("%s: %v", name, err)
				}
			}
			settled(t, before+1)
		})
	}
}
