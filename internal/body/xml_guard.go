package body

import (
	"bufio"
	"fmt"
	"io"
)

// tagGuard stands before the XML decoder, which reads a tag with all of its
// attributes before anybody can count them. It fails within a tag that has too
// many.
type tagGuard struct {
	in     *bufio.Reader
	place  tagPlace
	last   byte
	equals int
}

// tagPlace is what kind of token the decoder reads.
type tagPlace byte

const (
	atToken  tagPlace = iota // text, or nothing yet
	inTag                    // of an element
	inMarkup                 // a comment, CDATA or an instruction
)

func newTagGuard(in io.Reader) *tagGuard { return &tagGuard{in: bufio.NewReader(in)} }

// next is told before each token. When a text ended, its end was seen: the < of
// what comes.
func (g *tagGuard) next() { g.place, g.equals = atToken, 0 }

// ReadByte implements io.ByteReader, by which the decoder reads.
func (g *tagGuard) ReadByte() (byte, error) {
	b, err := g.in.ReadByte()
	if err != nil {
		return 0, err
	}
	switch {
	case g.place == atToken && g.last == '<' && (b == '!' || b == '?'):
		g.place = inMarkup
	case g.place == atToken && g.last == '<':
		g.place = inTag
	case g.place == inTag && b == '=':
		if g.equals++; g.equals > maxXMLAttributes {
			return 0, fmt.Errorf("an element has more than %d attributes", maxXMLAttributes)
		}
	}
	g.last = b
	return b, nil
}

// Read implements io.Reader.
func (g *tagGuard) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := g.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}
