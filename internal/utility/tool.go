package utility

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"math/big"
	"regexp"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// Limits of data tools.
const (
	maxToolText = 10 << 20 // bytes of a text
	maxPattern  = 1_000    // bytes of a regular expression
	maxMatches  = 1_000    // that are listed
	maxDecimals = 16
	maxRows     = 100_000
)

// tool is an operation that needs nothing but what it is given.
type tool func(in *input) (map[string]any, error)

// Tools gives the data tools.
func Tools() map[string]invoke.BuiltIn {
	all := map[string]invoke.BuiltIn{}
	for name, do := range map[string]tool{
		"check_email": checkEmail, "matches": matches, "extract": extract, "replace": replace,
		"format_number": formatNumber, "format_date": formatDate, "hash": hashText, "look_up": lookUp, "apply": applyFunctions,
		"parse_json": parseJSON, "build_json": buildJSON, "parse_csv": parseCSV, "build_csv": buildCSV,
	} {
		all["tool."+name] = func(_ context.Context, o invoke.Operation) (any, error) {
			in := &input{Operation: &o}
			doc, err := do(in)
			if in.err != nil {
				return nil, in.err
			}
			if err != nil {
				return nil, err
			}
			return doc, nil
		}
	}
	return all
}

// long is a text that is written, of bounded length.
func (in *input) long(name string) string {
	s := in.written(name)
	if len(s) > maxToolText {
		in.fail("%s has %d bytes, and may have %d at most", name, len(s), maxToolText)
		return ""
	}
	return s
}

// checkEmail says whether a text is one plain address, and gives its parts.
func checkEmail(in *input) (map[string]any, error) {
	email, err := tandem.ParseEmail("Email", in.long("Email"))
	if err != nil {
		return map[string]any{"Valid": false}, nil
	}
	local, domain, _ := strings.Cut(email, "@")
	return map[string]any{"Valid": strings.Contains(domain, "."), "Email": email, "Local": local, "Domain": domain}, nil
}

// pattern is the regular expression, of RE2, whose time grows with the text and
// not with what it is.
func (in *input) pattern() *regexp.Regexp {
	text := in.written("Pattern")
	switch {
	case text == "":
		in.fail("Pattern is required")
		return nil
	case len(text) > maxPattern:
		in.fail("Pattern has %d bytes, and may have %d at most", len(text), maxPattern)
		return nil
	}
	if in.yes("IgnoreCase", false) {
		text = "(?i)" + text
	}
	re, err := regexp.Compile(text)
	if err != nil {
		in.fail("Pattern is not a regular expression: %v", err)
	}
	return re
}

func matches(in *input) (map[string]any, error) {
	re, text := in.pattern(), in.long("Text")
	if in.err != nil {
		return nil, in.err
	}
	return map[string]any{"Matches": re.MatchString(text)}, nil
}

// extract gives the first match with its groups, and all matches.
func extract(in *input) (map[string]any, error) {
	re, text := in.pattern(), in.long("Text")
	if in.err != nil {
		return nil, in.err
	}
	all := []any{}
	for _, m := range re.FindAllString(text, maxMatches) {
		all = append(all, m)
	}
	groups, names, first := []any{}, map[string]any{}, re.FindStringSubmatch(text)
	doc := map[string]any{"Found": first != nil, "Matches": all, "Groups": groups, "Named": names}
	if first == nil {
		return doc, nil
	}
	for i, name := range re.SubexpNames()[1:] {
		if name != "" {
			names[name] = first[i+1]
		}
		groups = append(groups, first[i+1])
	}
	doc["Match"], doc["Groups"] = first[0], groups
	return doc, nil
}

// replace puts a text, in which $1 is the first group, in place of each match.
func replace(in *input) (map[string]any, error) {
	re, text, with := in.pattern(), in.long("Text"), in.long("Replacement")
	if in.err != nil {
		return nil, in.err
	}
	var b []byte
	end := 0
	for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
		b = append(b, text[end:m[0]]...)
		b = re.ExpandString(b, with, text, m)
		if end = m[1]; len(b) > maxToolText {
			return nil, buildError("the result has more than %d bytes", maxToolText)
		}
	}
	return map[string]any{"Text": string(b) + text[end:]}, nil
}

// formatNumber writes a number with separators.
func formatNumber(in *input) (map[string]any, error) {
	x, ok := merge.Number(in.written("Number"))
	if !ok {
		return nil, buildError("Number is not a number")
	}
	decimals := in.number("Decimals", -1, 0, maxDecimals)
	text := x.FloatString(max(decimals, 0))
	if decimals < 0 {
		text = shortest(x)
	}
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	whole = group(whole, in.text("ThousandsSeparator"))
	if fraction != "" {
		point := in.text("DecimalSeparator")
		if point == "" {
			point = "."
		}
		whole += point + fraction
	}
	if strings.HasPrefix(text, "-") && strings.Trim(text, "-0.") != "" {
		whole = "-" + whole
	}
	return map[string]any{"Text": in.text("Prefix") + whole + in.text("Suffix")}, nil
}

// shortest is a number without zeros at its end.
func shortest(x *big.Rat) string {
	if x.IsInt() {
		return x.Num().String()
	}
	return strings.TrimRight(strings.TrimRight(x.FloatString(maxDecimals), "0"), ".")
}

// group puts a separator between thousands.
func group(digits, separator string) string {
	if separator == "" {
		return digits
	}
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(separator)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// formatDate writes a date in a .NET format, in a time zone.
func formatDate(in *input) (map[string]any, error) {
	date := in.member("Date") // a number is one of seconds
	if date == nil {
		date = in.text("Date")
	}
	t, ok := merge.Date(date)
	if !ok {
		return nil, buildError("Date is not a date: write it as 2026-01-31T12:00:00Z, or as seconds since 1970")
	}
	format, err := merge.ParseDateFormat(in.required("Format"))
	if err != nil {
		return nil, buildError("Format: %v", err)
	}
	if zone := strings.TrimSpace(in.text("TimeZone")); zone != "" {
		at, err := time.LoadLocation(zone)
		if err != nil || zone == "Local" {
			return nil, buildError("TimeZone: there is no time zone %q; they are such as Europe/London", zone)
		}
		t = t.In(at)
	}
	return map[string]any{"Text": format.Format(t)}, nil
}

// hashText hashes a text; with a key it is an HMAC.
func hashText(in *input) (map[string]any, error) {
	made := map[string]func() hash.Hash{"SHA256": sha256.New, "SHA1": sha1.New, "SHA384": sha512.New384, "SHA512": sha512.New, "MD5": md5.New}
	algorithm := made[in.choice("Algorithm", "SHA256", "SHA1", "SHA384", "SHA512", "MD5")]
	h := algorithm()
	if key := in.written("Secret"); key != "" {
		h = hmac.New(algorithm, []byte(key))
	}
	_, _ = io.WriteString(h, in.long("Text")) // a hash takes all
	sum := h.Sum(nil)
	text := hex.EncodeToString(sum)
	if in.choice("Encoding", "Hex", "Base64") == "Base64" {
		text = base64.StdEncoding.EncodeToString(sum)
	}
	return map[string]any{"Hash": text}, nil
}

// applyFunctions runs a value through merge functions.
func applyFunctions(in *input) (map[string]any, error) {
	t, err := merge.Parse("{{Value | " + in.required("Functions") + "}}")
	if err != nil {
		reason := err.Error()
		if e := (*merge.SyntaxError)(nil); errors.As(err, &e) {
			reason = e.Reason
		}
		return nil, buildError("Functions: %s", reason)
	}
	v, err := t.Value(func(name string) (any, bool) { return in.member("Value"), name == "Value" })
	if err != nil {
		return nil, buildError("Functions: %v", err)
	}
	return map[string]any{"Value": v}, nil
}

func parseJSON(in *input) (map[string]any, error) {
	v, err := readJSON(in.long("Text"))
	if err != nil {
		return nil, buildError("Text is not JSON: %v", err)
	}
	return map[string]any{"Data": v}, nil
}

func buildJSON(in *input) (map[string]any, error) {
	text, err := writeJSON(in.member("Data"))
	if err != nil {
		return nil, buildError("Data cannot be written as JSON: %v", err)
	}
	if in.yes("Indent", false) {
		var b bytes.Buffer
		if err := json.Indent(&b, []byte(text), "", "  "); err != nil {
			return nil, buildError("Data cannot be written as JSON: %v", err)
		}
		text = b.String()
	}
	return map[string]any{"Text": text}, nil
}

// readJSON reads one value, with numbers as they are written.
func readJSON(text string) (v any, err error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more after its end")
	}
	return v, nil
}

func writeJSON(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}
