package client

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// each goes over all pages of a list. It ends with the first error.
func each[T any](ctx context.Context, c *Client, path string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		q := maps.Clone(query)
		if q == nil {
			q = url.Values{}
		}
		q.Set("pageSize", strconv.Itoa(tandem.MaxPageSize))
		for page, pages := 1, 1; page <= pages; page++ {
			q.Set("page", strconv.Itoa(page))
			var rows []T
			header, err := c.do(ctx, http.MethodGet, path+"?"+q.Encode(), nil, &rows)
			if err != nil {
				yield(*new(T), err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			pages, _ = strconv.Atoi(header.Get("Total-Pages")) // without it, there is one
		}
	}
}

// all gathers what each goes over.
func all[T any](ctx context.Context, c *Client, path string, query url.Values) ([]T, error) {
	rows := []T{}
	for row, err := range each[T](ctx, c, path, query) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// call makes a call and reads the answer.
func call[T any](ctx context.Context, c *Client, method, path string, in any) (out T, err error) {
	err = c.Do(ctx, method, path, in, &out)
	return out, err
}

// path joins names to a path; they may hold anything.
func path(parts ...any) string {
	joined := ""
	for _, p := range parts {
		joined += "/" + url.PathEscape(fmt.Sprint(p))
	}
	return joined
}

// values is a query of what is set. Times are RFC 3339.
func values(all map[string]any) url.Values {
	q := url.Values{}
	for name, v := range all {
		switch v := v.(type) {
		case time.Time:
			if !v.IsZero() {
				q.Set(name, v.Format(time.RFC3339Nano))
			}
		case bool:
			if v {
				q.Set(name, "true")
			}
		default:
			if text := fmt.Sprint(v); text != "" {
				q.Set(name, text)
			}
		}
	}
	return q
}

// with is a path with a query, if there is any.
func with(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// read is the answer as JSON.
func read(body []byte, out any) error {
	if out == nil || len(body) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return nil
}
