package sandbox

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// direct are the characters that UTF-7 (RFC 2152) writes as they are.
const direct = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'(),-./:? \t\r\n"

// encodeUTF7 writes what is not direct as base64 of UTF-16, from + to -.
func encodeUTF7(s string) []byte {
	var raw []byte
	var shifted []rune
	flush := func() {
		if len(shifted) == 0 {
			return
		}
		raw = append(raw, '+')
		raw = base64.RawStdEncoding.AppendEncode(raw, bigEndian(shifted))
		raw = append(raw, '-')
		shifted = shifted[:0]
	}
	for _, r := range s {
		if !strings.ContainsRune(direct, r) && r != '+' {
			shifted = append(shifted, r)
			continue
		}
		flush()
		raw = append(raw, byte(r))
		if r == '+' {
			raw = append(raw, '-')
		}
	}
	flush()
	return raw
}

func bigEndian(text []rune) (raw []byte) {
	for _, unit := range utf16.Encode(text) {
		raw = binary.BigEndian.AppendUint16(raw, unit)
	}
	return raw
}

// decodeUTF7 reads leniently: what is not base64 where it should be is U+FFFD.
func decodeUTF7(raw []byte) string {
	var s strings.Builder
	text := string(raw)
	for {
		before, rest, shifted := strings.Cut(text, "+")
		s.WriteString(strings.ToValidUTF8(before, "\ufffd"))
		if !shifted {
			return s.String()
		}
		n := 0
		for n < len(rest) && isBase64(rest[n]) {
			n++
		}
		s.WriteString(unshift(rest[:n]))
		closed := n < len(rest) && rest[n] == '-'
		if n == 0 && closed {
			s.WriteByte('+')
		}
		if closed {
			n++
		}
		text = rest[n:]
	}
}

func isBase64(b byte) bool {
	return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '+' || b == '/'
}

// unshift reads base64 of UTF-16.
func unshift(s string) string {
	raw, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return "\ufffd"
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(raw[2*i:])
	}
	return string(utf16.Decode(units))
}
