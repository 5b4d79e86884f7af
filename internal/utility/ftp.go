package utility

import (
	"cmp"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/textproto"
	"time"

	"github.com/jlaffaye/ftp"

	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// ftpServer is the files of an FTP server, by one control connection.
type ftpServer struct {
	session *session
	conn    *ftp.ServerConn
}

func (n *network) ftp(s *session, in *input) (remote, *invoke.Error) {
	_, address := in.address(21)
	return n.dialFTP(s, in, address, nil, false)
}

func (n *network) ftps(s *session, in *input) (remote, *invoke.Error) {
	implicit := in.choice("Encryption", "Explicit", "Implicit") == "Implicit"
	port := 21
	if implicit {
		port = 990
	}
	host, address := in.address(port)
	settings := in.secure(host, n.options.Roots)
	// Servers that want data connections to resume the session of the control
	// connection know what that is in TLS 1.2 only.
	settings.ClientSessionCache = tls.NewLRUClientSessionCache(4)
	if in.yes("ResumeSession", false) {
		settings.MaxVersion = tls.VersionTLS12
	}
	return n.dialFTP(s, in, address, settings, implicit)
}

// dialFTP opens the control connection and signs in. A server may name another
// host for its data connections; the library goes to the one it already knows, and
// the session to no other.
func (n *network) dialFTP(s *session, in *input, address string, settings *tls.Config, implicit bool) (remote, *invoke.Error) {
	zone, err := time.LoadLocation(cmp.Or(in.text("Timezone"), "UTC"))
	if err != nil {
		in.fail("Timezone is not one such as Europe/London")
	}
	if in.err != nil {
		return nil, in.err
	}
	first := true
	dial := func(_, address string) (net.Conn, error) {
		conn, err := s.dial(address)
		if err != nil || settings == nil || first && !implicit {
			first = false
			return conn, err
		}
		first = false
		return tls.Client(conn, settings), nil
	}
	options := []ftp.DialOption{ftp.DialWithDialFunc(dial), ftp.DialWithLocation(zone)}
	switch {
	case settings != nil && implicit:
		options = append(options, ftp.DialWithTLS(settings))
	case settings != nil:
		options = append(options, ftp.DialWithExplicitTLS(settings))
	}
	f := &ftpServer{session: s}
	if f.conn, err = ftp.Dial(address, options...); err == nil {
		err = f.conn.Login(cmp.Or(in.User, "anonymous"), cmp.Or(in.Password, "anonymous@"))
	}
	if err != nil {
		if e := s.unreached(err); e != nil {
			return nil, e
		}
		return nil, f.failed(err)
	}
	return f, nil
}

func (f *ftpServer) list(folder string) (all []entry, _ error) {
	if folder == "." {
		folder = ""
	}
	found, err := f.conn.List(folder)
	for _, e := range found {
		within := time.Second
		if !f.conn.IsTimePreciseInList() {
			within = time.Minute
			if e.Time.Second() == 0 && e.Time.Minute() == 0 && e.Time.Hour() == 0 { // a date, as of last year's
				within = 24 * time.Hour
			}
		}
		all = append(all, entry{name: e.Name, folder: e.Type == ftp.EntryTypeFolder, size: int64(e.Size), modified: e.Time.UTC(), within: within})
	}
	return all, err
}

func (f *ftpServer) open(path string) (io.ReadCloser, error) {
	r, err := f.conn.Retr(path)
	if err != nil {
		return nil, err
	}
	return &ftpDownload{r}, nil
}

// ftpDownload ends well only if the server says that all was sent.
type ftpDownload struct{ *ftp.Response }

// Read implements io.Reader.
func (d *ftpDownload) Read(p []byte) (int, error) {
	n, err := d.Response.Read(p)
	if errors.Is(err, io.EOF) {
		if e := d.Close(); e != nil {
			return n, e
		}
	}
	return n, err
}

func (f *ftpServer) put(path string, r io.Reader) error { return f.conn.Stor(path, r) }

var errExists = errors.New("there is a file of that name already")

func (f *ftpServer) rename(from, to string, over bool) error {
	if !over {
		if _, err := f.conn.FileSize(to); err == nil {
			return errExists
		}
		return f.conn.Rename(from, to)
	}
	err := f.conn.Rename(from, to)
	var said *textproto.Error
	if errors.As(err, &said) && said.Code >= 500 && f.conn.Delete(to) == nil { // some do not write over a file
		err = f.conn.Rename(from, to)
	}
	return err
}

func (f *ftpServer) remove(path string, folder bool) error {
	if folder {
		return f.conn.RemoveDir(path)
	}
	return f.conn.Delete(path)
}

func (f *ftpServer) makeFolder(path string) error { return f.conn.MakeDir(path) }

func (f *ftpServer) close() { _ = f.conn.Quit() }

func (f *ftpServer) failed(err error) *invoke.Error {
	var said *textproto.Error
	switch {
	case errors.Is(err, ftp.ErrInvalidCommand):
		return buildError("a path cannot have line breaks")
	case errors.Is(err, errExists):
		return callError(invoke.Permanent, "%v", err)
	case !errors.As(err, &said):
		return lost(err)
	case said.Code == ftp.StatusNotLoggedIn || said.Code == ftp.StatusInvalidCredentials:
		return authError("the server said: %s", said.Msg)
	case said.Code >= 400 && said.Code < 500:
		return callError(invoke.Transient, "the server said: %d %s", said.Code, said.Msg)
	}
	return callError(invoke.Permanent, "the server said: %d %s", said.Code, said.Msg)
}

// lost is for an error that is no answer of the server's, but of the connection,
// or of the cryptography on it.
func lost(err error) *invoke.Error {
	var unknown *tls.CertificateVerificationError
	if errors.As(err, &unknown) {
		return callError(invoke.Permanent, "the server does not show who it is: %v", unknown.Err)
	}
	var alert tls.AlertError
	if record := (tls.RecordHeaderError{}); errors.As(err, &record) || errors.As(err, &alert) {
		return callError(invoke.Permanent, "no encrypted connection came about: %v", err)
	}
	var broken net.Error
	if errors.As(err, &broken) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return callError(invoke.Transient, "the connection was lost: %v", err)
	}
	return formatError("the server's answer is not understood: %v", err)
}
