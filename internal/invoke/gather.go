package invoke

import (
	"cmp"
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// Send makes one call, in whatever way its caller does.
type Send func(ctx context.Context, c Call) (Result, error)

// GatherOptions of [Gather].
type GatherOptions struct {
	// Key gives the Idempotency-Key of a page, the first of which is 0; nil: each
	// page has the call's.
	Key   func(page int) string
	Bytes int // that the pages may have together; default 64 MiB
}

// Gather makes a call with all the pages that follow, or with all the parts of
// its long list, and gives one result: the first page's, with the document of
// all. That is the first page with the items of all in its list. Of answers to
// parts, lists are put one after the other, objects are joined member by member,
// and of other values the last one counts.
//
// Beside an error it gives the page that failed.
func Gather(ctx context.Context, c Call, send Send, o GatherOptions) (Result, error) {
	first, err := send(ctx, c)
	if err != nil || first.Next == "" {
		return first, err
	}
	g := gatherer{Result: first, call: c, send: send, key: o.Key, items: []any{}, left: cmp.Or(o.Bytes, 64<<20)}
	if failed, err := g.read(ctx); err != nil {
		return failed, err
	}
	return g.end(ctx)
}

// gatherer puts pages together.
type gatherer struct {
	Result // the first, and what is to be said of all
	call   Call
	send   Send
	key    func(int) string
	left   int // bytes

	list  connector.Location // of a page
	doc   any
	items []any // of pages: their lists, which doc has at the end
	whole string
}

// read reads all pages. It gives the one that failed.
func (g *gatherer) read(ctx context.Context) (Result, error) {
	if how := g.call.Method.Pages(g.call.Connector); how != nil {
		at, err := connector.ParseLocation(how.Items)
		if err != nil {
			return g.Result, buildError("paging: %v", err)
		}
		g.list, _, _ = at.Cut()
	}
	page := g.Result
	if err := g.add(page); err != nil {
		return page, err
	}
	for n := 1; page.Next != ""; n++ {
		if g.call.Page = page.Next; g.key != nil {
			g.call.IdempotencyKey = g.key(n)
		}
		var err error
		if page, err = g.send(ctx, g.call); err == nil {
			err = g.add(page)
		}
		if err != nil {
			return page, err
		}
		g.Warning = cmp.Or(g.Warning, page.Warning)
		g.Log = append(g.Log, page.Log...)
	}
	g.whole, g.Condition = page.Whole, page.Condition
	return page, nil
}

// add takes a page in.
func (g *gatherer) add(r Result) error {
	if g.call.Method.ResponseDataType == connector.NoBody {
		return nil
	}
	text := r.body()
	if g.left -= len(text); g.left < 0 {
		return formatError("the pages have too many bytes together")
	}
	doc, err := decode(text)
	if err != nil {
		return err
	}
	if g.call.Method.PagingOut != nil {
		g.doc = join(g.doc, doc)
		return nil
	}
	found, _ := g.list.Get(doc)
	items, ok := found.([]any)
	if found != nil && !ok {
		return formatError("%s is not a list", g.list)
	}
	g.items = append(g.items, items...)
	if g.doc == nil {
		g.doc = doc
	}
	return nil
}

func (r *Result) body() []byte {
	if r.Response == nil {
		return nil
	}
	return r.Response.Body
}

// join puts two answers together.
func join(a, b any) any {
	switch b := b.(type) {
	case []any:
		if before, ok := a.([]any); ok {
			return append(before, b...)
		}
	case map[string]any:
		before, ok := a.(map[string]any)
		if !ok {
			return b
		}
		for name, v := range b {
			before[name] = join(before[name], v)
		}
		return before
	case nil:
		return a
	}
	return b
}

// end makes one result of all, which scripts may want to see.
func (g *gatherer) end(ctx context.Context) (Result, error) {
	if g.call.Method.PagingOut == nil && g.doc != nil {
		var err error
		if g.doc, err = g.list.Set(g.doc, g.items); err != nil {
			return g.Result, formatError("%v", err)
		}
	}
	text, err := marshal(g.doc)
	if err != nil {
		return g.Result, err
	}
	whole := tandem.Exchange{}
	if g.Response != nil {
		whole = *g.Response
	}
	if g.Next = ""; g.doc != nil {
		whole.Body = text
	}
	g.Response = &whole
	if g.whole == "" {
		return g.Result, nil
	}
	g.call.Page, g.call.Collected = g.whole, text
	last, err := g.send(ctx, g.call)
	if last.Response != nil {
		whole.Body = last.Response.Body
	}
	g.Warning, g.LastRun, g.Condition = cmp.Or(g.Warning, last.Warning), last.LastRun, last.Condition
	g.Log = append(g.Log, last.Log...)
	return g.Result, err
}
