package load

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

const (
	exchangeTime = 60 * time.Second
	maxText      = 200 // bytes kept of a refusal
)

// conn posts to one URL over a connection that it opens when it needs one.
type conn struct {
	host, path string
	net        net.Conn
	in         *bufio.Reader
	out        []byte
}

func (c *conn) close() {
	if c.net != nil {
		_ = c.net.Close()
		c.net = nil
	}
}

// post returns the status, and of an answer that is not 2xx some of its text.
func (c *conn) post(ctx context.Context, body []byte) (status int, text string, err error) {
	if err := c.open(ctx); err != nil {
		return 0, "", err
	}
	keep := false
	defer func() {
		if !keep {
			c.close()
		}
	}()
	if err := c.net.SetDeadline(time.Now().Add(exchangeTime)); err != nil {
		return 0, "", err
	}
	c.out = append(c.out[:0], "POST "...)
	c.out = append(c.out, c.path...)
	c.out = append(c.out, " HTTP/1.1\r\nHost: "...)
	c.out = append(c.out, c.host...)
	c.out = append(c.out, "\r\nContent-Type: application/json\r\nContent-Length: "...)
	c.out = strconv.AppendInt(c.out, int64(len(body)), 10)
	c.out = append(c.out, "\r\n\r\n"...)
	c.out = append(c.out, body...)
	if _, err := c.net.Write(c.out); err != nil {
		return 0, "", err
	}
	h, err := readHead(c.in)
	if err != nil {
		return 0, "", err
	}
	text, err = readBody(c.in, h)
	keep = err == nil && !h.close
	return h.status, text, err
}

func (c *conn) open(ctx context.Context) (err error) {
	if c.net != nil {
		return nil
	}
	dialer := net.Dialer{Timeout: 5 * time.Second}
	if c.net, err = dialer.DialContext(ctx, "tcp", c.host); err != nil {
		return err
	}
	c.in = bufio.NewReaderSize(c.net, 8<<10)
	return nil
}

// head is what of an answer's status line and headers frames its body.
type head struct {
	status  int
	length  int // -1: not given
	chunked bool
	close   bool
}

func readHead(r *bufio.Reader) (head, error) {
	h := head{length: -1}
	line, err := readLine(r)
	if err != nil {
		return h, err
	}
	if len(line) < len("HTTP/1.1 200") {
		return h, fmt.Errorf("status line %q is too short", line)
	}
	if h.status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return h, fmt.Errorf("status line %q: %w", line, err)
	}
	for {
		if line, err = readLine(r); err != nil || len(line) == 0 {
			return h, err
		}
		if err := h.read(line); err != nil {
			return h, err
		}
	}
}

func (h *head) read(line []byte) (err error) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimSpace(value)
	switch {
	case bytes.EqualFold(name, []byte("Content-Length")):
		if h.length, err = strconv.Atoi(string(value)); err != nil || h.length < 0 {
			return fmt.Errorf("content length %q is not a number", value)
		}
	case bytes.EqualFold(name, []byte("Transfer-Encoding")):
		h.chunked = bytes.EqualFold(value, []byte("chunked"))
	case bytes.EqualFold(name, []byte("Connection")):
		h.close = bytes.EqualFold(value, []byte("close"))
	}
	return nil
}

// readBody reads past the body, to where the next answer begins.
func readBody(r *bufio.Reader, h head) (text string, err error) {
	switch {
	case h.status < 200 || h.status == 204 || h.status == 304:
		return "", nil
	case h.chunked:
		return readChunks(r, h)
	case h.length >= 0:
		return take(r, h, h.length)
	default:
		return "", errors.New("the answer has neither a length nor chunks")
	}
}

func readChunks(r *bufio.Reader, h head) (text string, err error) {
	for {
		line, err := readLine(r)
		if err != nil {
			return "", err
		}
		n, err := strconv.ParseUint(string(line), 16, 31)
		if err != nil {
			return "", fmt.Errorf("chunk size %q is not a number", line)
		}
		part, err := take(r, h, int(n))
		if err != nil {
			return "", err
		}
		if text == "" {
			text = part
		}
		if _, err := readLine(r); err != nil || n == 0 {
			return text, err
		}
	}
}

// take reads n bytes, and keeps some of them when the answer is a refusal.
func take(r *bufio.Reader, h head, n int) (text string, err error) {
	if h.status/100 != 2 {
		kept := make([]byte, min(n, maxText))
		if _, err := io.ReadFull(r, kept); err != nil {
			return "", err
		}
		text, n = string(kept), n-len(kept)
	}
	_, err = r.Discard(n)
	return text, err
}

func readLine(r *bufio.Reader) ([]byte, error) {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	return bytes.TrimRight(line, "\r\n"), nil
}
