package merge

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds what a function may make, in bytes.
const maxText = 16 << 20

// textFunctions are those of texts.
func textFunctions() []function {
	return []function{
		{
			name: "lower", doc: "Small letters.", bind: text(strings.ToLower),
			examples: []example{{"{{Name | lower}}", "ada lovelace"}},
		},
		{
			name: "upper", doc: "Capital letters.", bind: text(strings.ToUpper),
			examples: []example{{"{{Name | upper}}", "ADA LOVELACE"}, {"{{Tags | upper}}", `["RED","GREEN"]`}},
		},
		{
			name: "title", doc: "A capital at the start of each word.", bind: text(title),
			examples: []example{{"{{Name | title}}", "Ada Lovelace"}},
		},
		{
			name: "trim", doc: "Without white space at the ends.", bind: text(strings.TrimSpace),
			examples: []example{{"{{Email | trim | lower}}", "ada@example.com"}},
		},
		{
			name: "default", arguments: ":value", doc: "The argument when the field is missing or empty.", minArgs: 1, maxArgs: 1, takes: anything, bind: bindDefault,
			examples: []example{{"{{Missing | default:n/a}}", "n/a"}, {"{{Nothing | default:'a | b'}}", "a | b"}, {"{{Cents | default:0}}", "1999"}},
		},
		{
			name: "replace", arguments: ":old:new", doc: "Each old text replaced by the new one.", minArgs: 2, maxArgs: 2, bind: bindReplace,
			examples: []example{{"{{Codes | replace:', ':;}}", "a;b"}, {"{{Name | replace:ada:}}", " LOVELACE"}},
		},
		{
			name: "substring", arguments: ":start[:length]", doc: "Part of a text, in characters from 0; a negative start counts from the end.", minArgs: 1, maxArgs: 2, bind: bindSubstring,
			examples: []example{{"{{Name | substring:0:3}}", "ada"}, {"{{Name | substring:-4}}", "LACE"}},
		},
		{
			name: "append", arguments: ":text", doc: "A text after it, unless it is missing.", minArgs: 1, maxArgs: 1, bind: bindAppend,
			examples: []example{{"{{Cents | append:' cents'}}", "1999 cents"}, {"{{Missing | append:' cents'}}", ""}},
		},
		{
			name: "prepend", arguments: ":text", doc: "A text before it, unless it is missing.", minArgs: 1, maxArgs: 1, bind: bindPrepend,
			examples: []example{{"{{Cents | prepend:'no. '}}", "no. 1999"}},
		},
		{
			name: "length", doc: "How many characters, or items of a list.", takes: anything, bind: bindLength,
			examples: []example{{"{{Name | length}}", "12"}, {"{{Tags | length}}", "2"}, {"{{Missing | length}}", "0"}},
		},
		{
			name: "capitalise", doc: "A capital at the start, the rest as it is.", bind: text(capitalise),
			examples: []example{{`{{Codes | capitalise}}`, `A, b`}},
		},
		{
			name: "truncate", arguments: ":length[:ending]", doc: "At most so many characters, with the ending in place of what is cut off.", minArgs: 1, maxArgs: 2, bind: bindTruncate,
			examples: []example{{`{{Name | truncate:6}}`, `ada LO`}, {`{{Name | truncate:6:…}}`, `ada L…`}},
		},
		{
			name: "pad", arguments: ":length[:fill]", doc: "Filled at the left, with zeros unless told otherwise.", minArgs: 1, maxArgs: 2, bind: bindPad,
			examples: []example{{`{{Cents | pad:6}}`, `001999`}},
		},
		{
			name: "slug", doc: "Small letters, digits and hyphens, as in addresses.", bind: text(slug),
			examples: []example{{`{{Query | slug}}`, `a-b-c`}},
		},
		{
			name: "match", arguments: ":pattern[:group]", doc: "What a regular expression (RE2) finds first, or one of its groups; missing if it finds nothing.", minArgs: 1, maxArgs: 2, bind: bindMatch,
			examples: []example{{`{{Email | match:'@([a-zA-Z.]+)':1}}`, `Example.com`}, {`{{Name | match:'[0-9]+' | default:none}}`, `none`}},
		},
	}
}

// text makes a function of one text without arguments.
func text(f func(string) string) func([]string) (apply, error) {
	return func([]string) (apply, error) {
		return func(v any) (any, error) { return bounded(f(Text(v))) }, nil
	}
}

// bounded refuses a text that is too long.
func bounded(s string) (any, error) {
	if len(s) > maxText {
		return nil, errTooLarge
	}
	return s, nil
}

func title(s string) string {
	start := true
	return strings.Map(func(r rune) rune {
		defer func() { start = !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' }()
		if start {
			return unicode.ToTitle(r)
		}
		return unicode.ToLower(r)
	}, s)
}

func bindAppend(args []string) (apply, error) {
	return func(v any) (any, error) { return bounded(Text(v) + args[0]) }, nil
}

func bindPrepend(args []string) (apply, error) {
	return func(v any) (any, error) { return bounded(args[0] + Text(v)) }, nil
}

func bindDefault(args []string) (apply, error) {
	return func(v any) (any, error) {
		if v == nil || v == "" {
			return args[0], nil
		}
		return v, nil
	}, nil
}

func bindReplace(args []string) (apply, error) {
	from, to := args[0], args[1]
	if from == "" {
		return nil, errors.New("what to replace is empty")
	}
	return func(v any) (any, error) {
		s := Text(v)
		// Counted first: a chain of replacements grows by powers.
		if len(s)+strings.Count(s, from)*(len(to)-len(from)) > maxText {
			return nil, errTooLarge
		}
		return strings.ReplaceAll(s, from, to), nil
	}, nil
}

// bindSubstring counts in characters; a negative start counts from the end.
func bindSubstring(args []string) (apply, error) {
	start, err := strconv.Atoi(args[0])
	if err != nil {
		return nil, errors.New("the start is not a whole number")
	}
	length := maxText
	if len(args) > 1 {
		if length, err = strconv.Atoi(args[1]); err != nil || length < 0 {
			return nil, errors.New("the length is not a whole number from 0")
		}
	}
	return func(v any) (any, error) {
		r := []rune(Text(v))
		from := start
		if from < 0 {
			from = max(len(r)+from, 0)
		}
		from = min(from, len(r))
		return string(r[from : from+min(length, len(r)-from)]), nil
	}, nil
}

func bindLength([]string) (apply, error) {
	return func(v any) (any, error) {
		var n int
		switch v := v.(type) {
		case []any:
			n = len(v)
		case map[string]any:
			n = len(v)
		default:
			n = utf8.RuneCountInString(Text(v))
		}
		return json.Number(strconv.Itoa(n)), nil
	}, nil
}

func capitalise(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToTitle(r)) + s[n:]
}

// slug keeps letters and digits, and makes a hyphen of whatever is between them.
func slug(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}

func bindTruncate(args []string) (apply, error) {
	length, err := strconv.Atoi(args[0])
	if err != nil || length < 0 {
		return nil, errors.New("the length is not a whole number from 0")
	}
	var ending []rune
	if len(args) > 1 {
		ending = []rune(args[1])
	}
	return func(v any) (any, error) {
		r := []rune(Text(v))
		if len(r) <= length {
			return string(r), nil
		}
		return string(r[:max(length-len(ending), 0)]) + string(ending[:min(len(ending), length)]), nil
	}, nil
}

func bindPad(args []string) (apply, error) {
	length, err := strconv.Atoi(args[0])
	if err != nil || length < 0 || length > maxPad {
		return nil, fmt.Errorf("the length is not a whole number from 0 to %d", maxPad)
	}
	fill := "0"
	if len(args) > 1 {
		fill = args[1]
	}
	if utf8.RuneCountInString(fill) != 1 {
		return nil, errors.New("what to fill with is not one character")
	}
	return func(v any) (any, error) {
		s := Text(v)
		return strings.Repeat(fill, max(length-utf8.RuneCountInString(s), 0)) + s, nil
	}, nil
}

// maxPad bounds what is filled up.
const maxPad = 1000

func bindMatch(args []string) (apply, error) {
	pattern, err := regexp.Compile(args[0])
	if err != nil {
		return nil, errors.New("the pattern is not a regular expression: " + err.Error())
	}
	group := 0
	if len(args) > 1 {
		if group, err = strconv.Atoi(args[1]); err != nil || group < 0 || group > pattern.NumSubexp() {
			return nil, fmt.Errorf("the group is not a number from 0 to %d", pattern.NumSubexp())
		}
	}
	return func(v any) (any, error) {
		found := pattern.FindStringSubmatch(Text(v))
		if found == nil {
			return nil, nil
		}
		return found[group], nil
	}, nil
}
