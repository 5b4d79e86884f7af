package utility_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"net"
	"sync/atomic"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// sftpServer is an SFTP server for a folder.
type sftpServer struct {
	dir     string
	address string
	host    ssh.PublicKey
	refused bool                // offers no SFTP
	session func(c ssh.Channel) // nil: SFTP

	key        string // of the user, in PEM
	authorised ssh.PublicKey
	asked      atomic.Int64 // for passwords
}

func startSFTP(t *testing.T, s *sftpServer) *sftpServer {
	t.Helper()
	if s.dir == "" {
		s.dir = t.TempDir()
	}
	hostKey, _ := newKey(t)
	s.host = hostKey.PublicKey()
	var user ssh.Signer
	user, s.key = newKey(t)
	s.authorised = user.PublicKey()
	config := &ssh.ServerConfig{
		PasswordCallback: func(_ ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			s.asked.Add(1)
			if string(password) != "s3cr3t-word" {
				return nil, errors.New("no")
			}
			return nil, nil
		},
		PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			if string(key.Marshal()) != string(s.authorised.Marshal()) {
				return nil, errors.New("no")
			}
			return nil, nil
		},
	}
	config.AddHostKey(hostKey)
	s.address = listen(t, func(conn net.Conn) { s.serve(conn, config) })
	return s
}

func newKey(t *testing.T) (ssh.Signer, string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	return signer, string(pem.EncodeToMemory(block))
}

func (s *sftpServer) serve(conn net.Conn, config *ssh.ServerConfig) {
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for opened := range channels {
		if opened.ChannelType() != "session" {
			_ = opened.Reject(ssh.UnknownChannelType, "no")
			continue
		}
		channel, asked, err := opened.Accept()
		if err != nil {
			return
		}
		go func() {
			for r := range asked {
				_ = r.Reply(r.Type == "subsystem" && !s.refused, nil)
			}
		}()
		if s.session != nil {
			s.session(channel)
			continue
		}
		server, err := sftp.NewServer(channel, sftp.WithServerWorkingDirectory(s.dir))
		if err != nil {
			return
		}
		_ = server.Serve()
		_ = channel.Close()
	}
}

// settings are those of a connector for the server.
func (s *sftpServer) settings(more ...string) values {
	return with(with(hostAndPort(s.address), "HostKey", ssh.FingerprintSHA256(s.host)), more...)
}
