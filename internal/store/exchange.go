package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"

	"github.com/tandem-ipaas/tandem"
)

// packer turns what is long into fewer bytes. It is safe for use at once by
// many.
type packer struct {
	enc     *zstd.Encoder
	dec     *zstd.Decoder
	scratch sync.Pool // of *[]byte: records before they are packed
}

// How packed bytes begin.
const (
	packedPlain = 0
	packedZstd  = 1
	packedS2    = 2
)

// Fewer bytes than packThreshold are not worth the time. Up to quickThreshold
// Zstandard takes six times as long as S2, to save a fifth. More than maxUnpacked
// are not ours.
const (
	packThreshold  = 256
	quickThreshold = 4 << 10
	maxUnpacked    = 1 << 30
	maxScratch     = 64 << 10 // that is kept for the next record
)

var errCorrupt = errors.New("the record is corrupt")

func newPacker() (*packer, error) {
	enc, err := zstd.NewWriter(nil,
		zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false),
		zstd.WithWindowSize(128<<10), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxUnpacked))
	if err != nil {
		return nil, err
	}
	return &packer{enc: enc, dec: dec, scratch: sync.Pool{New: func() any { return new([]byte) }}}, nil
}

// pack returns nil for nothing.
func (p *packer) pack(b []byte) []byte {
	switch {
	case len(b) == 0:
		return nil
	case len(b) < packThreshold:
		return append([]byte{packedPlain}, b...)
	case len(b) < quickThreshold:
		packed := make([]byte, 1+s2.MaxEncodedLen(len(b)))
		packed[0] = packedS2
		return packed[:1+len(s2.Encode(packed[1:], b))]
	}
	return p.enc.EncodeAll(b, append(make([]byte, 0, 64+len(b)), packedZstd))
}

// packExchanges packs a step's request and response.
func (p *packer) packExchanges(request, response *tandem.Exchange) []byte {
	b := p.scratch.Get().(*[]byte)
	*b = appendExchanges((*b)[:0], request, response)
	packed := p.pack(*b)
	if cap(*b) <= maxScratch {
		p.scratch.Put(b)
	}
	return packed
}

func (p *packer) unpack(b []byte) ([]byte, error) {
	switch {
	case len(b) == 0:
		return nil, nil
	case b[0] == packedPlain:
		return b[1:], nil
	case b[0] == packedZstd:
		return p.dec.DecodeAll(b[1:], nil)
	case b[0] == packedS2:
		if n, err := s2.DecodedLen(b[1:]); err != nil || n >= quickThreshold {
			return nil, errCorrupt
		}
		return s2.Decode(nil, b[1:])
	}
	return nil, errCorrupt
}

// Which of the two a record of exchanges holds.
const (
	hasRequest  = 1
	hasResponse = 2
)

// appendExchanges writes a step's request and response: a byte that says which
// are there, then each one's parts, with lengths.
func appendExchanges(b []byte, request, response *tandem.Exchange) []byte {
	if request == nil && response == nil {
		return b
	}
	b = slices.Grow(b, 1+room(request)+room(response))
	flags := len(b)
	b = append(b, 0)
	if request != nil {
		b[flags] |= hasRequest
		b = appendExchange(b, request)
	}
	if response != nil {
		b[flags] |= hasResponse
		b = appendExchange(b, response)
	}
	return b
}

// room is about how many bytes an exchange takes.
func room(e *tandem.Exchange) int {
	if e == nil {
		return 0
	}
	return 32 + len(e.URL) + 64*len(e.Headers) + len(e.Body)
}

func appendExchange(b []byte, e *tandem.Exchange) []byte {
	b = appendText(b, e.Method)
	b = appendText(b, e.URL)
	b = binary.AppendUvarint(b, uint64(e.Status))
	b = binary.AppendUvarint(b, uint64(len(e.Headers)))
	for k, v := range e.Headers {
		b = appendText(appendText(b, k), v)
	}
	return appendText(b, e.Body)
}

func appendText[T string | []byte](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// parseExchanges reads what appendExchanges wrote; the bodies share b.
func parseExchanges(b []byte) (request, response *tandem.Exchange, err error) {
	if len(b) == 0 {
		return nil, nil, nil
	}
	r := &exchangeReader{b: b[1:]}
	if b[0]&hasRequest != 0 {
		request = r.exchange()
	}
	if b[0]&hasResponse != 0 {
		response = r.exchange()
	}
	if r.bad || len(r.b) > 0 {
		return nil, nil, fmt.Errorf("read an exchange: %w", errCorrupt)
	}
	return request, response, nil
}

type exchangeReader struct {
	b   []byte
	bad bool
}

func (r *exchangeReader) exchange() *tandem.Exchange {
	e := &tandem.Exchange{Method: string(r.bytes()), URL: string(r.bytes()), Status: int(r.number())}
	for n := r.number(); n > 0 && !r.bad; n-- {
		if e.Headers == nil {
			e.Headers = map[string]string{}
		}
		k := string(r.bytes())
		e.Headers[k] = string(r.bytes())
	}
	e.Body = r.bytes()
	return e
}

func (r *exchangeReader) number() uint64 {
	n, size := binary.Uvarint(r.b)
	if size <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[size:]
	return n
}

// bytes is nil when there are none.
func (r *exchangeReader) bytes() []byte {
	n := r.number()
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return nil
	}
	if n == 0 {
		return nil
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}
