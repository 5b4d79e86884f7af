package run

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem"
)

var unexported = cmp.AllowUnexported(frontier{}, task{}, collection{}, wait{}, requests{})

func TestFrontierRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := frontier{
			tries: rapid.IntRange(0, 99).Draw(t, "tries"), place: rapid.Int64Range(0, 1<<40).Draw(t, "place"),
			parent: rapid.Bool().Draw(t, "parent"), origin: tandem.TransactionID(rapid.Int64Range(0, 1<<60).Draw(t, "origin")),
		}
		if rapid.Bool().Draw(t, "collecting") {
			f.pages = collection{time.UnixMicro(rapid.Int64Range(1, 1<<50).Draw(t, "began")).UTC(), rapid.IntRange(0, 1000).Draw(t, "count"), rapid.String().Draw(t, "next")}
		}
		if rapid.Bool().Draw(t, "waiting") {
			moment := rapid.Int64Range(1, 1<<50)
			f.wait = wait{time.UnixMicro(moment.Draw(t, "from")).UTC(), time.UnixMicro(moment.Draw(t, "until")).UTC()}
		}
		if rapid.Bool().Draw(t, "requests") {
			f.requests = requests{timeOf(rapid.Int64Range(0, 1<<50).Draw(t, "awaited")), tandem.TransactionID(rapid.Int64Range(0, 1<<60).Draw(t, "caller"))}
		}
		for range rapid.IntRange(0, 5).Draw(t, "tasks") {
			f.push(task{taskKind(rapid.IntRange(0, int(matched)).Draw(t, "kind")), rapid.IntRange(0, 9).Draw(t, "node"), int32(rapid.IntRange(1, 20).Draw(t, "prev")), rapid.IntRange(0, 1<<20).Draw(t, "offset")})
		}
		got, err := decodeFrontier(f.encode(), 10, 20)
		if diff := cmp.Diff(f, got, unexported); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
	})
}

func TestFrontierOfAnotherVersion(t *testing.T) {
	b := (&frontier{}).encode()
	b[0] = resumedVersion + 1
	if _, err := decodeFrontier(b, 1, 1); err == nil || err.Error() != "the frontier has version 3, which is not known" {
		t.Error(err)
	}
}

func FuzzFrontier(f *testing.F) {
	f.Add(arrivedFrontier.encode())
	f.Add(timerFrontier.encode())
	f.Add((&frontier{place: 7, pages: collection{time.UnixMicro(5), 2, "next"}, tasks: []task{{perform, 1, 1, 0}}}).encode())
	f.Add((&frontier{wait: wait{time.UnixMicro(5), time.UnixMicro(7)}, tasks: []task{{perform, 1, 1, 0}}}).encode())
	f.Add((&frontier{requests: requests{time.UnixMicro(5), 7}, tasks: []task{{matched, 0, 1, 0}}}).encode())
	f.Add((&frontier{origin: 7, tasks: []task{{perform, 1, 1, 0}}}).encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		first, err := decodeFrontier(b, 3, 4)
		if err != nil {
			return
		}
		for _, task := range first.tasks {
			if task.node > 2 || task.prev > 4 || task.kind > matched {
				t.Fatalf("task %+v points nowhere", task)
			}
		}
		again, err := decodeFrontier(first.encode(), 3, 4)
		if diff := cmp.Diff(first, again, unexported); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
	})
}
