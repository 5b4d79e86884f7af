package invoke

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
)

// disguises are the ways in which a secret may be written as a whole: as it is,
// in hexadecimal, and in base64, of which its neighbours change the ends. What
// may be escaped letter by letter is seen through where a form is looked for.
func disguises(secret string) []string {
	plain := []byte(secret)
	digits := hex.EncodeToString(plain)
	all := []string{secret, digits, strings.ToUpper(digits), strings.ReplaceAll(secret, " ", "+")}
	for _, e := range [...]*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		all = append(all, e.EncodeToString(plain))
		for before := range 3 {
			whole := e.EncodeToString(append(make([]byte, before), plain...))
			// Without the letters that have bits of what is before or after.
			part := whole[(before*8+5)/6 : (before+len(plain))*8/6]
			if len(part) > minSecret {
				all = append(all, part)
			}
		}
	}
	return all
}

// escapes begin what stands for something else in JSON, URLs and HTML.
const escapes = `\%&`

// maxNested bounds the backslashes in a row that are looked through: as many as
// JSON in JSON in JSON has.
const maxNested = 8

// unmask hides form in t wherever its letters are spelt by escapes.
func unmask(t, form string) string {
	form = strings.ReplaceAll(form, `\`, "") // they are not told from escapes
	if len(form) < minSecret {
		return t
	}
	var out strings.Builder
	kept := 0
	for i := 0; i < len(t); {
		n := 0
		if t[i] == form[0] || strings.IndexByte(escapes, t[i]) >= 0 {
			n = spelt(t[i:], form)
		}
		if n == 0 {
			i++
			continue
		}
		out.WriteString(t[kept:i])
		out.WriteString(mask)
		i += n
		kept = i
	}
	if kept == 0 {
		return t
	}
	out.WriteString(t[kept:])
	return out.String()
}

// spelt is the length of what at the beginning of t spells form; 0 if it does
// not.
func spelt(t, form string) int {
	n, row := 0, 0
	for form != "" {
		if n == len(t) {
			return 0
		}
		meaning, width := unescape(t[n:])
		switch {
		case meaning == `\`:
			if row++; row > maxNested {
				return 0
			}
		case width > 1 && strings.HasPrefix(form, t[n:n+width]), // only looks like an escape
			form[0] == t[n] && !strings.HasPrefix(form, meaning):
			form, width, row = form[1:], 1, 0
		case strings.HasPrefix(form, meaning):
			form, row = form[len(meaning):], 0
		default:
			return 0
		}
		n += width
	}
	return n
}

// unescape reads what t begins with: an escape, or else one byte.
func unescape(t string) (meaning string, width int) {
	switch t[0] {
	case '\\':
		if r := codeUnit(t); r >= 0 {
			if pair := utf16.DecodeRune(r, codeUnit(t[6:])); pair != '\ufffd' {
				return string(pair), 12
			}
			return string(r), 6
		}
	case '%':
		if len(t) >= 3 {
			if b, err := hex.DecodeString(t[1:3]); err == nil {
				return string(b), 3
			}
		}
	case '&':
		if end := strings.IndexByte(t[:min(len(t), 10)], ';'); end > 0 {
			if meaning := html.UnescapeString(t[:end+1]); meaning[0] != '&' || meaning == "&" {
				return meaning, end + 1
			}
		}
	}
	return t[:1], 1
}

// codeUnit reads an escape such as \u00e9; -1 if t does not begin with one.
func codeUnit(t string) rune {
	if len(t) < 6 || t[:2] != `\u` {
		return -1
	}
	n, err := strconv.ParseUint(t[2:6], 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}
