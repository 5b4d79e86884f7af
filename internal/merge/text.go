package merge

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds what a function may make, in bytes.
const maxText = 16 << 20

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

func urlEncode(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func base64Encode(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func md5Hex(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

func sha256Hex(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
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

func bindSplit(args []string) (apply, error) {
	if args[0] == "" {
		return nil, errors.New("the separator is empty")
	}
	return func(v any) (any, error) {
		parts := strings.Split(Text(v), args[0])
		list := make([]any, len(parts))
		for i, p := range parts {
			list[i] = strings.TrimSpace(p)
		}
		return list, nil
	}, nil
}

func bindJoin(args []string) (apply, error) {
	return func(v any) (any, error) {
		list, ok := v.([]any)
		if !ok {
			return v, nil
		}
		var b strings.Builder
		for i, item := range list {
			if i > 0 {
				b.WriteString(args[0])
			}
			b.WriteString(Text(item))
			if b.Len() > maxText {
				return nil, errTooLarge
			}
		}
		return b.String(), nil
	}, nil
}

// item makes a function that takes one item of a list by its index.
func item(index func(length int) int) func([]string) (apply, error) {
	return func([]string) (apply, error) {
		return func(v any) (any, error) {
			list, ok := v.([]any)
			switch {
			case !ok:
				return v, nil
			case len(list) == 0:
				return nil, nil
			}
			return list[index(len(list))], nil
		}, nil
	}
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

func bindJSON([]string) (apply, error) {
	return func(v any) (any, error) {
		b, err := json.Marshal(v)
		if err != nil {
			return nil, errors.New("the value cannot be written as JSON")
		}
		return bounded(string(b))
	}, nil
}
