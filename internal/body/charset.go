package body

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"mime"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// headLength is how far into a body its charset can be declared.
const headLength = 1024

// utf8Reader reads r as UTF-8, whose charset is what a byte order mark says, else
// what the Content-Type says, else what declared finds in the first bytes, else
// UTF-8 already. The mark is left out.
func utf8Reader(r io.Reader, contentType string, declared func(head []byte) string) (io.Reader, error) {
	b := bufio.NewReader(r)
	head, _ := b.Peek(headLength) // an error comes again
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, err := b.Discard(3)
		return b, err
	case bytes.HasPrefix(head, []byte("\xfe\xff")), bytes.HasPrefix(head, []byte("\xff\xfe")):
		utf16 := unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)
		return transform.NewReader(b, utf16.NewDecoder()), nil
	}
	_, params, _ := mime.ParseMediaType(contentType)
	charset := params["charset"]
	if charset == "" && declared != nil {
		charset = declared(head)
	}
	if charset == "" || strings.EqualFold(charset, "utf-8") {
		return b, nil
	}
	e, err := htmlindex.Get(charset)
	if err != nil {
		return nil, fmt.Errorf("the body's charset %.40q is not known", charset)
	}
	return transform.NewReader(b, e.NewDecoder()), nil
}

// utf8Text reads all of a text.
func utf8Text(r io.Reader, contentType string) (string, error) {
	r, err := utf8Reader(r, contentType, nil)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	return validText(text), err
}

func validText(b []byte) string { return strings.ToValidUTF8(string(b), "\ufffd") }
