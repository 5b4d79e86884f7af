package store

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/bucket"
	"github.com/tandem-ipaas/tandem/internal/bucket/buckettest"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// answered is a step item with a body.
func answered(seq int32, body []byte) tandem.StepItem {
	return tandem.StepItem{Seq: seq, Prev: seq - 1, StepID: "step", Response: &tandem.Exchange{Status: 200, Body: body}}
}

// unlogged is a new transaction whose data is not kept.
func unlogged(id, parent tandem.TransactionID, body []byte) journal.NewTxn {
	return journal.NewTxn{ID: id, Account: 1, Cycle: "quiet", Parent: parent, Unlogged: true, Items: []tandem.StepItem{answered(1, body)}}
}

// quiet is what tests of such transactions do with a store.
type quiet struct {
	*testing.T
	*Store
}

func (q quiet) submit(n ...journal.NewTxn) {
	q.Helper()
	if _, err := q.Submit(q.Context(), n); err != nil {
		q.Fatal(err)
	}
}

func (q quiet) commit(d journal.Delta) {
	q.Helper()
	d.Account, d.Cycle, d.Unlogged = 1, "quiet", true
	if _, err := q.Commit(q.Context(), d); err != nil {
		q.Fatal(err)
	}
}

// has counts the items of a transaction whose data a slice can read, and says whether
// any is shown.
func (q quiet) has(id tandem.TransactionID) (kept int, shown bool) {
	q.Helper()
	items, err := q.Items(q.Context(), 1, id)
	if err != nil {
		q.Fatal(err)
	}
	for i := range items {
		if items[i].Response != nil {
			kept++
		} else if !items[i].Unlogged {
			q.Errorf("item %d of transaction %d does not say that nothing of it is kept", i+1, id)
		}
	}
	public, err := q.Transactions().Items(q.Context(), 1, id)
	if err != nil || len(public) != len(items) {
		q.Fatalf("%d of %d items are shown, %v", len(public), len(items), err)
	}
	for _, it := range public {
		told, err := q.Item(q.Context(), 1, id, it.Seq)
		if err != nil {
			q.Fatal(err)
		}
		for _, it := range []tandem.StepItem{it, told} {
			shown = shown || it.Request != nil || it.Response != nil || !it.Unlogged
		}
	}
	return kept, shown
}

func (q quiet) want(when string, kept map[tandem.TransactionID]int) {
	q.Helper()
	for id, want := range kept {
		if got, shown := q.has(id); got != want || shown {
			q.Errorf("%s, transaction %d has the data of %d items, want %d; shown %t", when, id, got, want, shown)
		}
	}
}

// TestUnlogged: data that is not to be kept is there for as long as the transaction,
// shown to nobody, and gone with the commit that ends it, whichever that is.
func TestUnlogged(t *testing.T) {
	for name, make := range places(t) {
		t.Run(name, func(t *testing.T) {
			opened(t, make(), func(s *Store) {
				q := quiet{t, s}
				q.submit(unlogged(1, 0, []byte("a")), unlogged(2, 0, []byte("b")), unlogged(3, 0, []byte("c")))
				q.commit(journal.Delta{Txn: 1, Items: []tandem.StepItem{answered(2, []byte("d"))}})
				q.want("while it is pending", map[tandem.TransactionID]int{1: 2, 2: 1})
				q.commit(journal.Delta{Txn: 1, Items: []tandem.StepItem{answered(3, nil)}, Status: tandem.TransactionFailed, Frontier: []byte("left")})
				if _, _, err := s.Drop(t.Context(), 1, []tandem.TransactionID{2}); err != nil {
					t.Fatal(err)
				}
				q.want("after an end and a drop", map[tandem.TransactionID]int{1: 0, 2: 0, 3: 1})
				if _, err := s.Cancel(t.Context(), 1, "quiet"); err != nil {
					t.Fatal(err)
				}
				q.want("after a cancellation", map[tandem.TransactionID]int{3: 0})

				// Of what is split, each part has its own.
				q.submit(unlogged(10, 0, []byte("list")))
				q.commit(journal.Delta{Txn: 10, Status: tandem.TransactionSplit, Children: []journal.NewTxn{unlogged(11, 10, []byte("one")), unlogged(12, 10, []byte("two"))}})
				q.commit(journal.Delta{Txn: 11, Parent: 10, Status: tandem.TransactionCompleted})
				q.want("with a child pending", map[tandem.TransactionID]int{10: 1, 11: 0, 12: 1})
				q.commit(journal.Delta{Txn: 12, Parent: 10, Status: tandem.TransactionFailed})
				q.want("after the last child", map[tandem.TransactionID]int{10: 0, 12: 0})
				q.submit(unlogged(20, 0, nil))
				q.commit(journal.Delta{Txn: 20, Items: []tandem.StepItem{answered(2, nil)}, Children: []journal.NewTxn{unlogged(21, 20, []byte("one"))}})
				q.commit(journal.Delta{Txn: 20, Status: tandem.TransactionFailed})
				q.want("when the parent fails first", map[tandem.TransactionID]int{20: 0, 21: 1})
				q.commit(journal.Delta{Txn: 21, Parent: 20, Status: tandem.TransactionCompleted})

				q.nothingLeft()
				if n, _, err := s.Tasks(t.Context(), 1, 0, 1<<40); n != 0 || err != nil {
					t.Errorf("%d tasks, %v", n, err)
				}
			})
		})
	}
}

// nothingLeft looks into the table itself.
func (q quiet) nothingLeft() {
	q.Helper()
	var left int
	if err := q.read().QueryRowContext(q.Context(), `SELECT count(*) FROM step_item WHERE data IS NOT NULL`).Scan(&left); err != nil || left > 0 {
		q.Errorf("%d items have data left, %v", left, err)
	}
}

// Timers and barriers begin transactions without knowing of it: the first commit tells.
func TestUnloggedFromTheFirstCommit(t *testing.T) {
	for name, make := range places(t) {
		t.Run(name, func(t *testing.T) {
			opened(t, make(), func(s *Store) {
				q := quiet{t, s}
				q.submit(journal.NewTxn{ID: 1, Account: 1, Cycle: "quiet"})
				q.commit(journal.Delta{Txn: 1, Items: []tandem.StepItem{answered(1, []byte("got"))}})
				q.want("while it is pending", map[tandem.TransactionID]int{1: 1})
				if txn, err := s.Load(t.Context(), 1, 1); !txn.Unlogged || err != nil {
					t.Errorf("loaded as %+v, %v", txn, err)
				}
				if _, err := s.Cancel(t.Context(), 1, "quiet"); err != nil {
					t.Fatal(err)
				}
				q.nothingLeft()
			})
		})
	}
}

// broken is a bucket that can be asked to keep what is to be deleted.
type broken struct {
	Blobs
	is bool
}

func (b *broken) Delete(ctx context.Context, name string) error {
	if b.is {
		return errors.New("the bucket is away")
	}
	return b.Blobs.Delete(ctx, name)
}

// TestUnloggedBlobs: long data goes soon after its transaction, also when the process
// that ended that is gone, and the bucket was away meanwhile.
func TestUnloggedBlobs(t *testing.T) {
	for name, make := range places(t) {
		t.Run(name, func(t *testing.T) {
			p, server := make(), buckettest.New(t)
			long := randomBytes(300 << 10)
			to := &broken{Blobs: bucketOf(t, server), is: true}
			opened(t, p, func(s *Store) {
				s.KeepBlobs(to)
				q := quiet{t, s}
				q.submit(unlogged(1, 0, long), unlogged(2, 0, long))
				if items, err := s.Items(t.Context(), 1, 1); err != nil || !bytes.Equal(items[0].Response.Body, long) {
					t.Fatalf("a later step sees %d items, %v", len(items), err)
				}
				q.commit(journal.Delta{Txn: 1, Items: []tandem.StepItem{answered(2, long)}, Status: tandem.TransactionCompleted})
				q.want("after its end", map[tandem.TransactionID]int{1: 0, 2: 1})
				if err := s.ForgetBlobs(t.Context()); err == nil || len(server.Names()) != 3 {
					t.Errorf("%v are left, %v", server.Names(), err)
				}
			}) // and is gone
			opened(t, p, func(s *Store) {
				to.is = false
				s.KeepBlobs(to)
				if err := s.ForgetBlobs(t.Context()); err != nil || len(server.Names()) != 1 {
					t.Errorf("%v are left, %v", server.Names(), err)
				}
				quiet{t, s}.want("by the next process", map[tandem.TransactionID]int{1: 0, 2: 1})
			})
		})
	}
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b) // never fails
	return b
}

func bucketOf(t *testing.T, s *buckettest.Server) Blobs {
	t.Helper()
	at, err := bucket.ParseAddress(s.Address("data"))
	if err != nil {
		t.Fatal(err)
	}
	return bucket.New(http.DefaultClient, at, bucket.Key{ID: buckettest.KeyID, Secret: buckettest.Secret})
}

// TestBucket: step data that is too long for a row is in the bucket for as long as its
// row. What no commit named goes once no commit can name it any more.
func TestBucket(t *testing.T) {
	for name, make := range places(t) {
		t.Run(name, func(t *testing.T) {
			server := buckettest.New(t)
			opened(t, make(), func(s *Store) {
				s.KeepBlobs(bucketOf(t, server))
				long, other := randomBytes(300<<10), randomBytes(400<<10)
				add := func(id tandem.TransactionID, a tandem.AccountID, body []byte) {
					t.Helper()
					if _, err := s.Submit(t.Context(), []journal.NewTxn{{ID: id, Account: a, Cycle: "c", Items: []tandem.StepItem{answered(1, body)}}}); err != nil {
						t.Fatal(err)
					}
				}
				body := func(id tandem.TransactionID, a tandem.AccountID) []byte {
					t.Helper()
					items, err := s.Transactions().Items(t.Context(), a, id)
					if err != nil || len(items) != 1 {
						t.Fatalf("%d items, %v", len(items), err)
					}
					return items[0].Response.Body
				}
				add(1, 1, long)
				add(2, 1, []byte("short"))
				add(3, 2, long)
				if names := server.Names(); len(names) != 2 || !bytes.Equal(body(1, 1), long) || string(body(2, 1)) != "short" {
					t.Fatalf("%v are kept", names)
				}

				// Another owner's commit is fenced, and overwrites nothing.
				_, err := s.Commit(t.Context(), journal.Delta{Account: 1, Cycle: "c", Txn: 1, Epoch: 9, Items: []tandem.StepItem{answered(1, other)}})
				if !errors.Is(err, journal.ErrFenced) || !bytes.Equal(body(1, 1), long) || len(server.Names()) != 3 {
					t.Errorf("%v, %v are kept", err, server.Names())
				}
				orphan := server.Names()
				for i, want := range []int{0, 1, 0} {
					if n, err := s.SweepBlobs(t.Context()); n != want || err != nil {
						t.Errorf("swept %d, %v; want %d", n, err, want)
					}
					if i == 0 {
						server.Age(blobGrace)
					}
				}
				if left := server.Names(); len(left) != 2 || slices.Equal(left, orphan) || !bytes.Equal(body(1, 1), long) {
					t.Errorf("%v are left", left)
				}

				// While it is away nothing is acknowledged, and what is read is tried again.
				server.Fail(func(*http.Request) int { return http.StatusServiceUnavailable })
				if _, err := s.Submit(t.Context(), []journal.NewTxn{unlogged(4, 0, long)}); tandem.ErrorCode(err) != tandem.Unavailable {
					t.Errorf("submitted while the bucket is away: %v", err)
				}
				if _, err := s.Items(t.Context(), 1, 1); !errors.Is(err, tandem.ErrAway) {
					t.Errorf("read while the bucket is away: %v", err)
				}
				server.Fail(nil)

				if err := s.deleteTransactions(t.Context(), 1, []record{{1, 1}, {2, 1}}); err != nil || len(server.Names()) != 1 {
					t.Errorf("after their end %v are left, %v", server.Names(), err)
				}
				if err := s.purgeBlobs(t.Context(), 2); err != nil || len(server.Names()) > 0 {
					t.Errorf("after the account's end %v are left, %v", server.Names(), err)
				}
			})
		})
	}
}

// TestMoveToBucket: a move takes long data along, wherever it was.
func TestMoveToBucket(t *testing.T) {
	from, to, server := places(t)["SQLite"](), places(t)["Postgres"](), buckettest.New(t)
	long := randomBytes(300 << 10)
	opened(t, from, func(s *Store) {
		q := quiet{t, s}
		q.submit(unlogged(1, 0, long), journal.NewTxn{ID: 2, Account: 1, Cycle: "c", Items: []tandem.StepItem{answered(1, long)}})
		q.commit(journal.Delta{Txn: 1, Status: tandem.TransactionCompleted})
	})
	source, target := ends(t, from, to)
	target.KeepBlobs(bucketOf(t, server))
	if _, err := Move(t.Context(), source, target, MoveOptions{}); err != nil {
		t.Fatal(err)
	}
	items, err := target.Items(t.Context(), 1, 2)
	if err != nil || !bytes.Equal(items[0].Response.Body, long) || len(server.Names()) != 1 {
		t.Errorf("%d items, %v; in the bucket are %v", len(items), err, server.Names())
	}
	if items, err := target.Items(t.Context(), 1, 1); err != nil || !items[0].Unlogged || items[0].Response != nil {
		t.Errorf("of what is not kept came %+v, %v", items, err)
	}
}

// A caller is told again what he was told, but not for long if data is not kept.
func TestUnloggedAnswers(t *testing.T) {
	for name, make := range places(t) {
		t.Run(name, func(t *testing.T) {
			opened(t, make(), func(s *Store) {
				q := quiet{t, s}
				q.submit(unlogged(1, 0, nil))
				q.commit(journal.Delta{Txn: 1, Status: tandem.TransactionCompleted, Answers: []journal.Answer{{To: 1, Response: tandem.Exchange{Body: []byte("so")}}}})
				for _, c := range []struct {
					after time.Duration
					there bool
				}{{9 * time.Minute, true}, {11 * time.Minute, false}} {
					if err := s.expireWebhooks(t.Context(), time.Now().Add(c.after)); err != nil {
						t.Fatal(err)
					}
					got, err := s.Answers(t.Context(), []journal.Caller{{Account: 1, ID: 1}})
					if err != nil || len(got) != 1 || (got[0].Response != nil) != c.there {
						t.Errorf("after %s: %+v, %v", c.after, got, err)
					}
				}
			})
		})
	}
}
