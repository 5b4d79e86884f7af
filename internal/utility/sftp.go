package utility

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// sftpServer is the files of an SFTP server.
type sftpServer struct {
	client *sftp.Client
	ssh    *ssh.Client
}

func (n *network) sftp(s *session, in *input) (remote, *invoke.Error) {
	_, address := in.address(22)
	methods := in.sshMethods()
	known := in.hostKeys()
	if in.err != nil {
		return nil, in.err
	}
	conn, err := s.dial(address)
	if err != nil {
		return nil, s.unreached(err)
	}
	config := &ssh.ClientConfig{User: in.User, Auth: methods, HostKeyCallback: known.check, HostKeyAlgorithms: known.algorithms}
	control, channels, requests, err := ssh.NewClientConn(conn, address, config)
	if err != nil {
		return nil, notSignedIn(s, err)
	}
	f := &sftpServer{ssh: ssh.NewClient(control, channels, requests)}
	if f.client, err = sftp.NewClient(f.ssh, sftp.UseFstat(true)); err != nil {
		_ = f.ssh.Close()
		if e := s.unreached(err); e != nil {
			return nil, e
		}
		return nil, callError(invoke.Permanent, "the server does not offer SFTP: %v", err)
	}
	return f, nil
}

// sshMethods are the ways to sign in: with a key, if there is one, and with a
// password.
func (in *input) sshMethods() (all []ssh.AuthMethod) {
	if in.User == "" {
		in.fail("a user name is required")
	}
	if pem := in.text("PrivateKey"); pem != "" {
		signer, err := privateKey(pem, in.text("Passphrase"))
		if err != nil {
			in.fail("PrivateKey cannot be read: it is a private key as ssh-keygen makes it, and Passphrase opens it")
		} else {
			all = append(all, ssh.PublicKeys(signer))
		}
	}
	if password := in.Password; password != "" {
		answer := func(_, _ string, questions []string, _ []bool) ([]string, error) {
			return slices.Repeat([]string{password}, len(questions)), nil
		}
		all = append(all, ssh.Password(password), ssh.KeyboardInteractive(answer))
	}
	if len(all) == 0 {
		in.fail("a password or PrivateKey is required")
	}
	return all
}

func privateKey(pem, passphrase string) (ssh.Signer, error) {
	if passphrase != "" {
		return ssh.ParsePrivateKeyWithPassphrase([]byte(pem), []byte(passphrase))
	}
	return ssh.ParsePrivateKey([]byte(pem))
}

// hostKeys are those that a server may have. There is no trust at first sight: who
// sets up the connector says whom to trust.
type hostKeys struct {
	fingerprints []string // SHA256:…
	algorithms   []string // of keys that are given whole; nil: any
}

// hostKeys reads fingerprints, as ssh-keygen -l shows them, and public keys, as in
// known_hosts.
func (in *input) hostKeys() (known hostKeys) {
	whole := true
	for line := range strings.Lines(in.text("HostKey")) {
		line = strings.TrimSpace(line)
		at := strings.Index(line, "SHA256:")
		switch {
		case line == "":
		case at >= 0:
			text, _, _ := strings.Cut(line[at:], " ")
			known.fingerprints, whole = append(known.fingerprints, text), false
		default:
			key := parseHostKey(line)
			if key == nil {
				in.fail("HostKey must be the fingerprint of the server's key, such as SHA256:…, or the key itself; each on a line")
				return known
			}
			known.fingerprints = append(known.fingerprints, ssh.FingerprintSHA256(key))
			known.algorithms = append(known.algorithms, algorithmsOf(key.Type())...)
		}
	}
	if !whole {
		known.algorithms = nil
	}
	return known
}

// parseHostKey finds the key in a line of known_hosts, or in one of a .pub file.
func parseHostKey(line string) ssh.PublicKey {
	for word := range strings.FieldsSeq(line) {
		if raw, err := base64.StdEncoding.DecodeString(word); err == nil {
			if key, err := ssh.ParsePublicKey(raw); err == nil {
				return key
			}
		}
	}
	return nil
}

func algorithmsOf(kind string) []string {
	if kind == ssh.KeyAlgoRSA {
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
	}
	return []string{kind}
}

// hostKeyError is a server that is not known.
type hostKeyError struct{ kind, fingerprint string }

func (e *hostKeyError) Error() string {
	return fmt.Sprintf("the server's key is not known. It has the %s key %s: "+
		"if those who run the server say that this is theirs, make it the HostKey of the connector", e.kind, e.fingerprint)
}

// check implements ssh.HostKeyCallback.
func (k hostKeys) check(_ string, _ net.Addr, key ssh.PublicKey) error {
	if shown := ssh.FingerprintSHA256(key); !slices.Contains(k.fingerprints, shown) {
		return &hostKeyError{key.Type(), shown}
	}
	return nil
}

// notSignedIn tells what kept SSH from beginning.
func notSignedIn(s *session, err error) *invoke.Error {
	var unknown *hostKeyError
	if errors.As(err, &unknown) {
		return authError("%v", unknown)
	}
	if e := s.unreached(err); e != nil {
		return e
	}
	if strings.Contains(err.Error(), "unable to authenticate") { // of no type
		return authError("the server does not take the user's password or key")
	}
	var broken net.Error
	if errors.As(err, &broken) || errors.Is(err, io.EOF) {
		return callError(invoke.Transient, "the connection was lost: %v", err)
	}
	return callError(invoke.Permanent, "%v", err)
}

func (f *sftpServer) list(folder string) (all []entry, _ error) {
	found, err := f.client.ReadDir(folder)
	for _, e := range found {
		all = append(all, entry{name: e.Name(), folder: e.IsDir(), size: e.Size(), modified: e.ModTime().UTC(), within: time.Second})
	}
	return all, err
}

func (f *sftpServer) open(path string) (io.ReadCloser, error) {
	file, err := f.client.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &sftpDownload{file, info.Size()}, nil
}

var errShorter = errors.New("the file became shorter while it was read")

// sftpDownload ends well only if it is as long as the server said.
type sftpDownload struct {
	*sftp.File
	left int64
}

// Read implements io.Reader.
func (d *sftpDownload) Read(p []byte) (int, error) {
	n, err := d.File.Read(p)
	d.left -= int64(n)
	if errors.Is(err, io.EOF) && d.left > 0 {
		return n, errShorter
	}
	return n, err
}

func (f *sftpServer) put(path string, r io.Reader) error {
	file, err := f.client.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = file.ReadFromWithConcurrency(r, 16)
	if e := file.Close(); err == nil {
		err = e
	}
	return err
}

func (f *sftpServer) rename(from, to string, over bool) error {
	if !over {
		if _, err := f.client.Lstat(to); err == nil {
			return errExists
		}
		return f.client.Rename(from, to)
	}
	if _, ok := f.client.HasExtension("posix-rename@openssh.com"); ok {
		return f.client.PosixRename(from, to)
	}
	err := f.client.Rename(from, to)
	if err != nil && f.remove(to, false) == nil {
		err = f.client.Rename(from, to)
	}
	return err
}

func (f *sftpServer) remove(path string, folder bool) error {
	if folder {
		return f.client.RemoveDirectory(path)
	}
	info, err := f.client.Lstat(path)
	if err == nil && info.IsDir() {
		err = errors.New("it is a folder")
	}
	if err != nil {
		return err
	}
	return f.client.Remove(path)
}

func (f *sftpServer) makeFolder(path string) error { return f.client.Mkdir(path) }

// close ends the connection first: the library waits for its end.
func (f *sftpServer) close() {
	_ = f.ssh.Close()
	_ = f.client.Close()
}

func (f *sftpServer) failed(err error) *invoke.Error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return callError(invoke.Permanent, "there is no such file or folder on the server")
	case errors.Is(err, fs.ErrPermission):
		return callError(invoke.Permanent, "the server does not permit it")
	case errors.Is(err, errExists), errors.Is(err, errShorter):
		return callError(invoke.Permanent, "%v", err)
	case errors.Is(err, sftp.ErrSSHFxConnectionLost), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
		return callError(invoke.Transient, "the connection was lost")
	}
	var said *sftp.StatusError
	if errors.As(err, &said) {
		return callError(invoke.Permanent, "the server said: %v", said)
	}
	return callError(invoke.Permanent, "%v", err)
}
