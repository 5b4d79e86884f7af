package body

import (
	"mime"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// maxName is how many bytes the name of a file has at most, as in file systems.
const maxName = 255

// dispositionName is the name that a Content-Disposition (RFC 6266) gives a
// file; "" if it gives none.
func dispositionName(header string) string {
	_, params, err := mime.ParseMediaType(header)
	name := params["filename"]
	if err != nil && name == "" {
		name = looseName(header)
	}
	return cleanName(name)
}

// looseName finds the name in a header that is not as it should be: most often it
// has spaces and no quotes.
func looseName(header string) string {
	at := strings.Index(strings.ToLower(header), "filename=")
	if at < 0 {
		return ""
	}
	name, _, _ := strings.Cut(header[at+len("filename="):], ";")
	return strings.Trim(name, ` "`)
}

// cleanName makes the name of a file one that is safe anywhere: without folders
// and control characters, not too long, valid UTF-8.
func cleanName(name string) string {
	if !utf8.ValidString(name) { // as headers were before UTF-8
		name, _ = charmap.Windows1252.NewDecoder().String(name)
	}
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name)
	name = strings.TrimSpace(name)
	if name == "." || name == ".." {
		return ""
	}
	if ext := path.Ext(name); len(name) > maxName && len(ext) < maxName/4 {
		return cutText(name[:len(name)-len(ext)], maxName-len(ext)) + ext
	}
	return cutText(name, maxName)
}

// cutText is as much of s as n bytes hold, in whole characters.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// cleanType is a content type that is safe in a header. What is none is a file of
// bytes.
func cleanType(t string) string {
	kind, params, err := mime.ParseMediaType(t)
	if err == nil {
		t = mime.FormatMediaType(kind, params)
	}
	if err != nil || t == "" {
		return "application/octet-stream"
	}
	return t
}
