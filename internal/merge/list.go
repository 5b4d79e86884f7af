package merge

import (
	"cmp"
	"errors"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// listFunctions are those of lists.
func listFunctions() []function {
	return []function{
		{
			name: "split", arguments: ":separator", doc: "A list of the parts of a text, trimmed.", minArgs: 1, maxArgs: 1, bind: bindSplit,
			examples: []example{{"{{Codes | split:','}}", `["a","b"]`}},
		},
		{
			name: "join", arguments: ":separator", doc: "The items of a list as one text.", minArgs: 1, maxArgs: 1, takes: whole, bind: bindJoin,
			examples: []example{{"{{Tags | join:', '}}", "red, green"}},
		},
		{
			name: "first", doc: "The first item of a list.", takes: whole, bind: item(func(int) int { return 0 }),
			examples: []example{{"{{Tags | first}}", "red"}, {"{{Codes | split:',' | first}}", "a"}},
		},
		{
			name: "last", doc: "The last item of a list.", takes: whole, bind: item(func(n int) int { return n - 1 }),
			examples: []example{{"{{Tags | last}}", "green"}},
		},
		{
			name: "item", arguments: ":n", doc: "An item of a list by its place, from 0; a negative one counts from the end.", minArgs: 1, maxArgs: 1, takes: whole, bind: bindItem,
			examples: []example{{`{{Tags | item:1}}`, `green`}},
		},
		{
			name: "slice", arguments: ":start[:length]", doc: "Some items of a list, from a place on; a negative one counts from the end.", minArgs: 1, maxArgs: 2, takes: whole, bind: bindSlice,
			examples: []example{{`{{Tags | slice:1}}`, `["green"]`}},
		},
		{
			name: "reverse", doc: "A list from its end.", takes: whole, bind: list(reversed),
			examples: []example{{`{{Tags | reverse}}`, `["green","red"]`}},
		},
		{
			name: "sort", doc: "A list in order: numbers by value, the rest as text.", takes: whole, bind: list(sorted),
			examples: []example{{`{{Codes | append:', A' | split:',' | sort}}`, `["A","a","b"]`}},
		},
		{
			name: "unique", doc: "A list with each value once.", takes: whole, bind: list(unique),
			examples: []example{{`{{Codes | append:', a' | split:',' | unique}}`, `["a","b"]`}},
		},
		{
			name: "compact", doc: "A list without what is missing or empty.", takes: whole, bind: list(compact),
			examples: []example{{`{{Codes | append:', ' | split:',' | compact}}`, `["a","b"]`}},
		},
		{
			name: "pluck", arguments: ":member", doc: "A member of each object of a list.", minArgs: 1, maxArgs: 1, takes: whole, bind: bindPluck,
			examples: []example{{`{{Nothing | default:'[{"Id":1},{"Id":2}]' | unjson | pluck:Id}}`, `[1,2]`}},
		},
		{
			name: "sum", doc: "The sum of a list of numbers.", takes: whole, bind: bindSum,
			examples: []example{{`{{Missing | default:'1,2.5' | split:',' | sum}}`, `3.5`}},
		},
	}
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

// list makes a function of a list without arguments. What is no list stays.
func list(f func([]any) []any) func([]string) (apply, error) {
	return func([]string) (apply, error) {
		return func(v any) (any, error) {
			if items, ok := v.([]any); ok {
				return f(slices.Clone(items)), nil // a value is not changed
			}
			return v, nil
		}, nil
	}
}

func reversed(items []any) []any {
	slices.Reverse(items)
	return items
}

func sorted(items []any) []any {
	slices.SortStableFunc(items, func(a, b any) int {
		x, isX := Number(a)
		y, isY := Number(b)
		if isX && isY {
			return x.Cmp(y)
		}
		return cmp.Compare(Text(a), Text(b))
	})
	return items
}

func unique(items []any) []any {
	seen := map[string]bool{}
	return slices.DeleteFunc(items, func(v any) bool {
		text := Text(v)
		defer func() { seen[text] = true }()
		return seen[text]
	})
}

func compact(items []any) []any {
	return slices.DeleteFunc(items, func(v any) bool { return v == nil || v == "" })
}

func bindItem(args []string) (apply, error) {
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return nil, errors.New("the place is not a whole number")
	}
	return func(v any) (any, error) {
		items, ok := v.([]any)
		at := n
		if at < 0 {
			at += len(items)
		}
		switch {
		case !ok:
			return v, nil
		case at < 0 || at >= len(items):
			return nil, nil
		}
		return items[at], nil
	}, nil
}

func bindSlice(args []string) (apply, error) {
	start, err := strconv.Atoi(args[0])
	if err != nil {
		return nil, errors.New("the start is not a whole number")
	}
	length := -1
	if len(args) > 1 {
		if length, err = strconv.Atoi(args[1]); err != nil || length < 0 {
			return nil, errors.New("the length is not a whole number from 0")
		}
	}
	return func(v any) (any, error) {
		items, ok := v.([]any)
		if !ok {
			return v, nil
		}
		from := start
		if from < 0 {
			from = max(len(items)+from, 0)
		}
		items = items[min(from, len(items)):]
		if length >= 0 {
			items = items[:min(length, len(items))]
		}
		return slices.Clone(items), nil
	}, nil
}

func bindPluck(args []string) (apply, error) {
	return func(v any) (any, error) {
		items, ok := v.([]any)
		if !ok {
			items = []any{v}
		}
		out := make([]any, len(items))
		for i, item := range items {
			object, _ := item.(map[string]any)
			out[i] = object[args[0]]
		}
		return out, nil
	}, nil
}

func bindSum([]string) (apply, error) {
	return func(v any) (any, error) {
		items, ok := v.([]any)
		if !ok {
			items = []any{v}
		}
		total := new(big.Rat)
		for _, item := range items {
			if item == nil || item == "" {
				continue
			}
			x, ok := Number(item)
			if !ok {
				return nil, errNotNumber
			}
			total.Add(total, x)
		}
		return decimal(total)
	}, nil
}
