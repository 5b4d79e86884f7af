package utility_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// ftpServer is a small FTP server for a folder.
type ftpServer struct {
	dir      string
	tls      *tls.Config // nil: none
	implicit bool
	noMLST   bool // lists as ls does
	// hook may answer a command in the server's place: it says whether it did.
	hook func(c *ftpConn, command, arg string) bool
	// cut ends a download before its end, and says so.
	cut bool

	address string
	mu      sync.Mutex
	said    []string // commands
}

func startFTP(t *testing.T, s *ftpServer) *ftpServer {
	t.Helper()
	if s.dir == "" {
		s.dir = t.TempDir()
	}
	s.address = listen(t, s.serve)
	return s
}

// heard says whether a command came that begins in a way.
func (s *ftpServer) heard(prefix string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, line := range s.said {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}

// ftpConn is a control connection.
type ftpConn struct {
	*ftpServer
	conn    net.Conn
	data    net.Listener
	private bool // data connections are encrypted
	user    bool // signed in
	from    string
}

func (c *ftpConn) say(format string, args ...any) { fmt.Fprintf(c.conn, format+"\r\n", args...) }

func (s *ftpServer) serve(conn net.Conn) {
	c := &ftpConn{ftpServer: s, conn: conn}
	if s.implicit {
		c.conn = tls.Server(conn, s.tls)
	}
	defer func() {
		if c.data != nil {
			c.data.Close()
		}
	}()
	c.say("220 ready")
	lines := bufio.NewReader(c.conn)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.mu.Lock()
		s.said = append(s.said, line)
		s.mu.Unlock()
		command, arg, _ := strings.Cut(line, " ")
		if s.hook != nil && s.hook(c, command, arg) {
			continue
		}
		if command == "QUIT" {
			c.say("221 bye")
			return
		}
		c.do(command, arg)
		if command == "AUTH" {
			c.conn = tls.Server(conn, s.tls)
			lines = bufio.NewReader(c.conn)
		}
	}
}

// path is where a file is; nobody leaves the folder.
func (c *ftpConn) path(arg string) string { return filepath.Join(c.dir, filepath.Clean("/"+arg)) }

func (c *ftpConn) do(command, arg string) {
	signedIn := map[string]bool{"USER": true, "PASS": true, "AUTH": true, "FEAT": true}
	if !c.user && !signedIn[command] {
		c.say("530 sign in first")
		return
	}
	switch command {
	case "AUTH":
		c.say("234 go ahead")
	case "USER":
		c.say("331 and the password")
	case "PASS":
		if arg != "s3cr3t-word" {
			c.say("530 %s is not the password", arg)
			return
		}
		c.user = true
		c.say("230 welcome")
	case "FEAT":
		if c.noMLST {
			c.say("211-features\r\n UTF8\r\n211 end")
			return
		}
		c.say("211-features\r\n MLST size*;modify*;type*\r\n UTF8\r\n211 end")
	case "TYPE", "OPTS", "PBSZ":
		c.say("200 fine")
	case "PROT":
		c.private = true
		c.say("200 private")
	case "EPSV":
		c.passive()
		if c.data != nil {
			c.say("229 entering (|||%d|)", c.data.Addr().(*net.TCPAddr).Port)
		}
	case "SIZE":
		if info, err := os.Stat(c.path(arg)); err == nil {
			c.say("213 %d", info.Size())
			return
		}
		c.say("550 no such file")
	case "DELE", "RMD":
		c.result(os.Remove(c.path(arg)), 250)
	case "MKD":
		c.result(os.Mkdir(c.path(arg), 0o700), 257)
	case "RNFR":
		c.from = arg
		if _, err := os.Stat(c.path(arg)); err != nil {
			c.say("550 no such file")
			return
		}
		c.say("350 to what")
	case "RNTO":
		if _, err := os.Stat(c.path(arg)); err == nil { // as some servers are
			c.say("553 there is one of that name")
			return
		}
		c.result(os.Rename(c.path(c.from), c.path(arg)), 250)
	case "MLSD", "LIST", "RETR", "STOR":
		c.transfer(command, arg)
	default:
		c.say("502 %s is not known", command)
	}
}

func (c *ftpConn) result(err error, code int) {
	if err != nil {
		c.say("550 no such file, or it is in the way")
		return
	}
	c.say("%d done", code)
}

func (c *ftpConn) passive() {
	if c.data != nil {
		c.data.Close()
	}
	var err error
	if c.data, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		c.say("425 %v", err)
	}
}

func (c *ftpConn) transfer(command, arg string) {
	if c.data == nil {
		c.say("425 no data connection")
		return
	}
	if command == "RETR" {
		if info, err := os.Stat(c.path(arg)); err != nil || info.IsDir() {
			c.say("550 no such file")
			return
		}
	}
	if _, err := os.Stat(filepath.Dir(c.path(arg))); err != nil || command == "MLSD" || command == "LIST" {
		if info, err := os.Stat(c.path(arg)); err != nil || !info.IsDir() {
			c.say("550 no such folder")
			return
		}
	}
	c.say("150 here it comes")
	data, err := c.data.Accept()
	if err != nil {
		return
	}
	if c.private {
		data = tls.Server(data, c.tls)
	}
	err = c.send(data, command, arg)
	data.Close()
	if err != nil {
		c.say("426 %v", err)
		return
	}
	c.say("226 done")
}

func (c *ftpConn) send(data net.Conn, command, arg string) error {
	switch command {
	case "RETR":
		f, err := os.Open(c.path(arg))
		if err != nil {
			return err
		}
		defer f.Close()
		if c.cut {
			_, err := io.CopyN(data, f, 1)
			return fmt.Errorf("the disk broke: %v", err)
		}
		_, err = io.Copy(data, f)
		return err
	case "STOR":
		f, err := os.Create(c.path(arg))
		if err != nil {
			return err
		}
		_, err = io.Copy(f, data)
		return errorOf(err, f.Close())
	}
	all, err := os.ReadDir(c.path(arg))
	if err != nil {
		return err
	}
	for _, e := range all {
		info, err := e.Info()
		if err != nil {
			return err
		}
		kind := map[bool]string{true: "dir", false: "file"}[e.IsDir()]
		at := info.ModTime().UTC()
		if command == "MLSD" {
			fmt.Fprintf(data, "type=%s;size=%d;modify=%s; %s\r\n", kind, info.Size(), at.Format("20060102150405"), e.Name())
			continue
		}
		mode := map[bool]string{true: "drwxr-xr-x", false: "-rw-r--r--"}[e.IsDir()]
		when := at.Format("Jan _2 15:04")
		if time.Since(at) > 180*24*time.Hour {
			when = at.Format("Jan _2  2006")
		}
		fmt.Fprintf(data, "%s 1 owner group %8d %s %s\r\n", mode, info.Size(), when, e.Name())
	}
	return nil
}

func errorOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
