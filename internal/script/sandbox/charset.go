package sandbox

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/unicode/norm"
)

// charset turns text to bytes and back. What it cannot write becomes the letter
// without its accent, or "?"; what it cannot read U+FFFD.
type charset struct {
	encode func(text string) []byte
	decode func(raw []byte) string
}

// charsetOf is the charset of a name, whose case and dashes do not matter;
// UTF-8 if there is none. UTF-16 and UTF-32 are little-endian unless the name says
// otherwise, and are written without a mark.
func charsetOf(name string) (charset, error) {
	switch strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name)) {
	case "", "utf8":
		return charset{func(s string) []byte { return []byte(s) }, func(raw []byte) string { return strings.ToValidUTF8(string(raw), "\ufffd") }}, nil
	case "ascii", "usascii":
		return charset{encodeASCII, decodeASCII}, nil
	case "iso88591", "latin1":
		return of(charmap.ISO8859_1), nil
	case "iso885915", "latin9":
		return of(charmap.ISO8859_15), nil
	case "windows1252":
		return of(charmap.Windows1252), nil
	case "utf7":
		return charset{encodeUTF7, decodeUTF7}, nil
	case "utf16", "utf16le":
		return of(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)), nil
	case "utf16be":
		return of(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)), nil
	case "utf32", "utf32le":
		return of(utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)), nil
	case "utf32be":
		return of(utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)), nil
	}
	return charset{}, fmt.Errorf("the charset %q is not known. Known are ASCII, ISO-8859-1, ISO-8859-15, Windows-1252, UTF-7, UTF-8, UTF-16, UTF-16LE, UTF-16BE, UTF-32, UTF-32LE and UTF-32BE", name)
}

func of(e encoding.Encoding) charset {
	return charset{
		encode: func(s string) []byte {
			var raw []byte
			for _, r := range s { // one by one, as the encoder stops at what it cannot write
				base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
				for _, attempt := range []rune{r, base, '?'} {
					if written, err := e.NewEncoder().String(string(attempt)); err == nil {
						raw = append(raw, written...)
						break
					}
				}
			}
			return raw
		},
		decode: func(raw []byte) string {
			s, _ := e.NewDecoder().String(string(raw))
			return s
		},
	}
}

func encodeASCII(s string) []byte {
	var raw []byte
	for _, r := range s {
		if r > 0x7f {
			r = '?'
		}
		raw = append(raw, byte(r))
	}
	return raw
}

func decodeASCII(raw []byte) string {
	var s strings.Builder
	for _, b := range raw {
		if b > 0x7f {
			s.WriteByte('?')
			continue
		}
		s.WriteByte(b)
	}
	return s.String()
}

// fromBase64 reads base64 with or without padding, of either alphabet.
func fromBase64(s string) ([]byte, error) {
	s = strings.NewReplacer("-", "+", "_", "/", "\n", "", "\r", "", "\t", "", " ", "", "=", "").Replace(s)
	return base64.RawStdEncoding.DecodeString(s)
}
