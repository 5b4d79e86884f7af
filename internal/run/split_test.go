package run_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// sieve counts the children of a transaction and keeps only the last.
type sieve struct {
	lease
	children int
	last     string
	peak     uint64
	commits  int
}

func (s *sieve) Commit(ctx context.Context, d journal.Delta) error {
	for _, c := range d.Children {
		s.last = string(c.Items[0].Response.Body)
	}
	s.children += len(d.Children)
	d.Children = nil
	if s.commits++; s.commits%50 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		s.peak = max(s.peak, m.HeapAlloc)
	}
	return s.lease.Commit(ctx, d)
}

// A long list that arrives in one piece is split in many commits and slices, each
// item once, and is in memory once: as it came.
func TestLongListIsSplitInBoundedMemory(t *testing.T) {
	const items = 150_000
	var b strings.Builder
	for i := range items {
		fmt.Fprintf(&b, `,{"n":%d,"text":"0123456789"}`, i)
	}
	body := `{"records":[` + b.String()[1:] + `]}`
	b.Reset()
	w := newWorld(t, graph("in>out", step("in", "event", ""), step("out", "send", "{{records.n}}")), methods...)
	txn := w.webhook(body)
	size := uint64(len(body))
	body = ""
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	s := &sieve{lease: lease{w}}
	slices := 0
	for ; txn.Status == tandem.TransactionQueued; slices++ {
		if _, err := w.runner().Slice(t.Context(), s, txn.Txn); err != nil {
			t.Fatal(err)
		}
	}
	if s.children != items || !strings.Contains(s.last, `"n":149999`) || slices < 2 {
		t.Errorf("%d children, the last %s, in %d slices", s.children, s.last, slices)
	}
	t.Logf("a body of %d bytes in %d slices: %d bytes more", size, slices, s.peak-min(m.HeapAlloc, s.peak))
	if s.peak > m.HeapAlloc+size+32<<20 { // the garbage of commits, too
		t.Errorf("%d bytes before, %d while it was split", m.HeapAlloc, s.peak)
	}
}

// What is around a list, or came before it, is in each of its children: a commit
// makes few of them when that is long, and each item is one all the same.
func TestLongRestIsSplitInBoundedCommits(t *testing.T) {
	const items, limit = 30, 8 << 20
	rest := strings.Repeat("x", 1<<20)
	rows := `"rows":[{"n":0}` + strings.Repeat(`,{"n":1}`, items-1) + `]`
	for name, tt := range map[string]struct{ in, got string }{
		"around":         {`{}`, `{` + rows + `,"rest":"` + rest + `"}`},
		"before":         {`{"rest":"` + rest + `"}`, `{` + rows + `}`},
		"more than fits": {`{}`, `{` + rows + `,"rest":"` + strings.Repeat(rest, 9) + `"}`},
	} {
		w := newWorld(t, graph("in>get get>out", step("in", "plain", ""), step("get", "list", ""), step("out", "send", "x")), methods...)
		w.in.Plan.Node("get").Split = tandem.SplitAll
		w.answer = func(string, string) reply { return reply{body: tt.got} }
		txn := w.webhook(tt.in)
		l := &largest{lease: lease{w}}
		for txn.Status == tandem.TransactionQueued {
			if _, err := w.runner().Slice(t.Context(), l, txn.Txn); err != nil {
				t.Fatal(err)
			}
		}
		if one := l.total / items; l.children != items || l.bytes > limit+one || l.most == 0 || name != "more than fits" && l.most < 2 {
			t.Errorf("%s: %d children, at most %d and %d bytes in one commit", name, l.children, l.most, l.bytes)
		}
	}
}

// largest notes how much the commits with children are, and keeps none of these.
type largest struct {
	lease
	children, total int
	most, bytes     int // in one commit
}

func (l *largest) Commit(ctx context.Context, d journal.Delta) error {
	size := 0
	for _, c := range d.Children {
		for _, item := range c.Items {
			size += len(item.Response.Body)
		}
	}
	l.children, l.total = l.children+len(d.Children), l.total+size
	l.most, l.bytes = max(l.most, len(d.Children)), max(l.bytes, size)
	d.Children = nil
	return l.lease.Commit(ctx, d)
}

func TestSplitErrors(t *testing.T) {
	for _, tt := range []struct{ method, body, want string }{
		{"list", `{"rows":"many"}`, "Failed to split transaction step data"},
		{"list", `[{"rows":[1]}]`, "Failed to split transaction step data"},
		{"two", `{"a":[1]}`, "Step data cannot be split"},
	} {
		all := append(methods[:len(methods):len(methods)], twoLists)
		w := newWorld(t, graph("in>get get>out", step("in", "plain", ""), step("get", tt.method, ""), step("out", "send", "x")), all...)
		w.in.Plan.Node("get").Split = tandem.SplitAll
		w.answer = func(string, string) reply { return reply{body: tt.body} }
		txn := w.webhook(`{}`)
		w.run(t.Context())
		if txn.Status != tandem.TransactionFailed || len(w.incidents) != 1 || w.incidents[0].ShortMessage != tt.want || w.incidents[0].FullMessage == "" {
			t.Errorf("%s %s: %s, %+v", tt.method, tt.body, txn.Status, w.incidents)
		}
	}
}

// The step's own setting comes before the cycle's.
func TestSplitSettings(t *testing.T) {
	for _, tt := range []struct {
		cycle, first, second tandem.CollectionSplitType
		want                 string // what is sent
	}{
		{"", "", "", `1[8,9] 2[8,9]`},
		{tandem.SplitFirst, "", "", `1[8,9] 2[8,9]`},
		{tandem.SplitAll, "", "", `18 19 28 29`},
		{tandem.SplitNone, "", "", `[1,2][8,9]`},
		{tandem.SplitNone, tandem.SplitFirst, "", `1[8,9] 2[8,9]`},
		{tandem.SplitAll, tandem.SplitNone, "", `[1,2]8 [1,2]9`},
		{tandem.SplitAll, "", tandem.SplitNone, `1[8,9] 2[8,9]`},
		{tandem.SplitAll, "", tandem.SplitFirst, `1[8,9] 2[8,9]`},
		{tandem.SplitFirst, "", tandem.SplitAll, `18 19 28 29`},
	} {
		g := graph("in>get get>out", step("in", "event", ""), step("get", "get", ""), step("out", "send", "{{in::[records].n}}{{get::[found].n}}"))
		g.CollectionSplitType, g.Steps[0].CollectionSplitType, g.Steps[1].CollectionSplitType = tt.cycle, tt.first, tt.second
		w := newWorld(t, g, methods...)
		var sent []string
		w.answer = func(path, body string) reply {
			if path == "/send" {
				sent = append(sent, strings.Trim(strings.TrimPrefix(body, `{"v":`), `"}`))
			}
			return reply{body: `{"found":[{"n":8},{"n":9}]}`}
		}
		w.webhook(`{"records":[{"n":1},{"n":2}]}`)
		w.run(t.Context())
		if got := strings.Join(sent, " "); got != tt.want {
			t.Errorf("cycle %q, steps %q and %q: %s, want %s", tt.cycle, tt.first, tt.second, got, tt.want)
		}
	}
}

// twoLists is a method whose answer has lists in two places.
var twoLists = connector.Method{
	MethodUniqueIdentifier: "two", Name: "Two", MethodType: connector.Action, ResponseFields: []connector.Field{{ConnectorField: "[a].x"}, {ConnectorField: "[b].x"}},
}
