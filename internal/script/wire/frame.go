package wire

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// MaxFrame is the longest frame, in bytes.
const MaxFrame = 32 << 20

// Encode makes a frame of a message.
func Encode(m Message) ([]byte, error) {
	frame := bytes.NewBuffer(make([]byte, 4, 512))
	e := json.NewEncoder(frame)
	e.SetEscapeHTML(false)
	if err := e.Encode(m); err != nil {
		return nil, err
	}
	size := frame.Len() - 4
	if size > MaxFrame {
		return nil, fmt.Errorf("%d bytes are too many for one message, of at most %d", size, MaxFrame)
	}
	binary.BigEndian.PutUint32(frame.Bytes(), uint32(size))
	return frame.Bytes(), nil
}

// Write writes a message in one go.
func Write(w io.Writer, m Message) error {
	frame, err := Encode(m)
	if err != nil {
		return err
	}
	_, err = w.Write(frame)
	return err
}

// Reader reads messages.
type Reader struct{ r *bufio.Reader }

// NewReader makes a Reader of r.
func NewReader(r io.Reader) *Reader { return &Reader{bufio.NewReaderSize(r, 64<<10)} }

// Read reads the next message. It returns io.EOF if r ends before one begins.
func (r *Reader) Read() (m Message, err error) {
	var header [4]byte
	if _, err := io.ReadFull(r.r, header[:]); err != nil {
		return m, err
	}
	size := binary.BigEndian.Uint32(header[:])
	if size > MaxFrame {
		return m, fmt.Errorf("a frame of %d bytes, and %d are the most", size, MaxFrame)
	}
	var frame bytes.Buffer // grows with what comes, not with what was announced
	if n, err := io.CopyN(&frame, r.r, int64(size)); err != nil {
		return m, fmt.Errorf("a frame ends after %d of %d bytes: %w", n, size, err)
	}
	if err := json.Unmarshal(frame.Bytes(), &m); err != nil {
		return m, fmt.Errorf("read a frame: %w", err)
	}
	return m, nil
}
