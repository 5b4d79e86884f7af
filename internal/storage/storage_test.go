package storage_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/storage"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// world is the service on a database, with an account.
type world struct {
	*storage.Storages
	*storage.Pairs
	db      *store.Store
	vault   *vault.Vault
	account tandem.AccountID
}

func open(t *testing.T, url, dir string) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), url, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func newWorld(t *testing.T, url string) *world {
	t.Helper()
	w := &world{db: open(t, url, storetest.Folder(t))}
	var err error
	if w.vault, err = vault.Unlock(vault.Source{Path: filepath.Join(t.TempDir(), "master.key")}, nil); err != nil {
		t.Fatal(err)
	}
	p, err := w.db.CreatePartner(t.Context(), "Acme", tandem.ConsoleUser{Email: "ada@acme.test"}, "hash", tandem.OAuthClient{ID: "c", SecretHash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	a := &tandem.Account{Partner: p, APIID: "a", Name: "a", Timezone: "UTC", Enabled: true}
	if err := w.db.CreateAccount(t.Context(), a, w.vault.NewDataKey); err != nil {
		t.Fatal(err)
	}
	w.account = a.ID
	w.Storages, w.Pairs = storage.New(w.db, w.vault, storage.Options{Items: 5}), storage.NewPairs(w.db, storage.Options{Items: 2})
	return w
}

func (w *world) of(purpose string) tandem.Storage {
	return tandem.Storage{Account: w.account, Purpose: purpose}
}

func TestItems(t *testing.T) {
	w := newWorld(t, "")
	text, ctx := w.of(tandem.StoredText), t.Context()
	if _, found, err := w.Storages.Get(ctx, text, "ada"); found || err != nil {
		t.Errorf("before anything is stored: %v, %v", found, err)
	}
	if err := w.Storages.Set(ctx, text, "", "ada", "Ada Lovelace, London"); err != nil {
		t.Fatal(err)
	}
	if whole, err := w.Append(ctx, text, "", "ada", " ♥"); whole != "Ada Lovelace, London ♥" || err != nil {
		t.Errorf("appended: %q, %v", whole, err)
	}
	if whole, err := w.Append(ctx, text, "", "bob", "Bob"); whole != "Bob" || err != nil {
		t.Errorf("appended to nothing: %q, %v", whole, err)
	}
	got, err := w.Items(ctx, text, "", 0)
	if diff := cmp.Diff([]tandem.StorageItem{{Key: "ada", Value: "Ada Lovelace, London ♥"}, {Key: "bob", Value: "Bob"}}, got); diff != "" || err != nil {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
	if got, err := w.Items(ctx, text, "ada", 1); err != nil || len(got) != 1 || got[0].Key != "bob" {
		t.Errorf("behind ada: %v, %v", got, err)
	}
	for _, want := range []bool{true, false} {
		if was, err := w.Storages.Delete(ctx, text, "", "bob"); was != want || err != nil {
			t.Errorf("deleted: %v, %v, want %v", was, err, want)
		}
	}
	if err := w.Clear(ctx, text, ""); err != nil {
		t.Fatal(err)
	}
	if got, err := w.Items(ctx, text, "", 0); len(got) != 0 || err != nil {
		t.Errorf("cleared: %v, %v", got, err)
	}
}

// Values are sealed, for their own place; keys are not.
func TestValuesAreSealed(t *testing.T) {
	w := newWorld(t, "")
	text := w.of(tandem.StoredText)
	if err := w.Storages.Set(t.Context(), text, "", "ada", "a secret of hers"); err != nil {
		t.Fatal(err)
	}
	is, err := w.db.Stored(t.Context(), text, "ada")
	if err != nil || strings.Contains(string(is.Sealed), "secret") {
		t.Fatalf("kept as %q, %v", is.Sealed, err)
	}
	_, err = w.db.ChangeStored(t.Context(), text, "", "bob", tandem.StorageLimits{Items: 9, AccountItems: 9, AccountBytes: 999}, func(*tandem.Stored) (*tandem.Stored, string, error) { return &is, "", nil })
	if err != nil {
		t.Fatal(err)
	}
	if got, _, err := w.Storages.Get(t.Context(), text, "bob"); err == nil {
		t.Errorf("in another place it reads %q", got)
	}
}

func TestLimits(t *testing.T) {
	w := newWorld(t, "")
	ctx := t.Context()
	set := func(purpose, key, value string) error { return w.Storages.Set(ctx, w.of(purpose), "", key, value) }
	long := strings.Repeat("é", tandem.StorageText)
	for name, tt := range map[string]struct {
		err   error
		field string
		says  string
	}{
		"no key":              {set("text", "", "v"), "Key", "is required"},
		"a long key":          {set("text", long[:2*(tandem.StorageKey+1)], "v"), "Key", "129 characters, and may have 128"},
		"a key with a zero":   {set("text", "a\x00b", "v"), "Key", "a character that a key cannot have"},
		"a key that is bytes": {set("text", "\xff", "v"), "Key", "a character that a key cannot have"},
		"a long value":        {set("text", "k", long+"x"), "Value", "1025 characters, and may have 1024"},
		"bytes":               {set("text", "k", "\xff"), "Value", "not text"},
		"a long object":       {set("object", "k", strings.Repeat("x", tandem.StorageObject+1)), "Object", "65537 bytes as JSON, and may have 65536"},
		"no half":             {failure(w.Pairs.Delete(ctx, w.of("pair"), "", tandem.Pair{})), "FirstId", "one of the two ids"},
		"both halves":         {failure(w.Pairs.Delete(ctx, w.of("pair"), "", tandem.Pair{First: "1", Second: "2"})), "FirstId", "one of the two ids"},
		"half a pair":         {w.Pairs.Set(ctx, w.of("pair"), "", tandem.Pair{First: "1"}), "SecondId", "is required"},
	} {
		e := (*tandem.Error)(nil)
		if !errors.As(tt.err, &e) || e.Code != tandem.Invalid || e.Field != tt.field || !strings.Contains(e.Message, tt.says) {
			t.Errorf("%s: %v, want %s %q", name, tt.err, tt.field, tt.says)
		}
	}
	for key, err := range map[string]error{
		"the longest key": set("text", long[:2*tandem.StorageKey], "v"), "the longest value": set("text", "k", long),
		"the longest object": set("object", "k", strings.Repeat("x", tandem.StorageObject)),
	} {
		if err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	for i := range 3 {
		if err := set("text", fmt.Sprint(i), "v"); err != nil {
			t.Fatal(err)
		}
	}
	if err := set("text", "one more", "v"); tandem.ErrorCode(err) != tandem.Conflict || !strings.Contains(err.Error(), "holds 5 items at most") {
		t.Errorf("a full store: %v", err)
	}
}

// The limits of an account go to all that keeps something in it, on either database.
func TestLimitsOfAnAccount(t *testing.T) {
	for name, url := range map[string]func(testing.TB) string{"SQLite": func(testing.TB) string { return "" }, "PostgreSQL": storetest.URL} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, url(t))
			o := storage.Options{AccountItems: 3, AccountBytes: 1_000, Entities: 1}
			w.Storages, w.Pairs = storage.New(w.db, w.vault, o), storage.NewPairs(w.db, o)
			set := func(purpose, key, value string) error {
				return w.Storages.Set(t.Context(), w.of(purpose), "", key, value)
			}
			pair := func(entity, id string) error {
				return w.Pairs.Set(t.Context(), w.of(tandem.StoredPairs+entity), "", tandem.Pair{First: id, Second: id})
			}
			for i, tt := range []struct {
				err   error
				field string
				says  string
			}{
				{set(tandem.StoredText, "b", strings.Repeat("x", 1_000)), "Value", "Value: the account's stores are full: together they hold 1000 bytes at most"},
				{set(tandem.StoredObjects, "b", strings.Repeat("x", 1_000)), "Object", "Object: the account's stores are full"},
				{set(tandem.StoredText, "a", "1"), "", ""},
				{set(tandem.StoredText, "b", "1"), "", ""},
				{set(tandem.StoredText, "c", "1"), "", ""},
				{set(tandem.StoredCounters, "n", "1"), "Key", "Key: the account's stores are full: together they hold 3 items at most"},
				{pair("Contact", "1"), "FirstId", "FirstId: the account's stores are full"},
				{w.Clear(t.Context(), w.of(tandem.StoredText), ""), "", ""},
				{pair("Contact", "1"), "", ""},
				{pair("Order", "1"), "Entity", "Entity: the account has cross references of 1 kinds"},
				{pair("Contact", "2"), "", ""},
			} {
				e := (*tandem.Error)(nil)
				if tt.says == "" && tt.err == nil {
					continue
				}
				if !errors.As(tt.err, &e) || e.Code != tandem.Conflict || e.Field != tt.field || !strings.Contains(e.Message, tt.says) {
					t.Errorf("%d: %v, want %q of %s", i, tt.err, tt.says, tt.field)
				}
			}
		})
	}
}

func failure[T any](_ T, err error) error { return err }

func TestAdd(t *testing.T) {
	w := newWorld(t, "")
	of, ctx := w.of(tandem.StoredCounters), t.Context()
	for _, tt := range []struct{ n, want int64 }{{5, 5}, {-7, -2}, {math.MaxInt64, math.MaxInt64 - 2}} {
		if got, err := w.Add(ctx, of, "", "n", tt.n); got != tt.want || err != nil {
			t.Errorf("add %d: %d, %v, want %d", tt.n, got, err, tt.want)
		}
	}
	if _, err := w.Add(ctx, of, "", "n", 3); tandem.ErrorCode(err) != tandem.Conflict {
		t.Errorf("too far: %v", err)
	}
	if err := w.Storages.Set(ctx, of, "", "text", "five"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Add(ctx, of, "", "text", 1); tandem.ErrorCode(err) != tandem.Conflict {
		t.Errorf("to a text: %v", err)
	}
}

// What two nodes add, fifty at a time, is all there; and what is tried again is
// not added again.
func TestAddFromTwoNodes(t *testing.T) {
	url := storetest.URL(t)
	w := newWorld(t, url)
	other := storage.New(open(t, url, t.TempDir()), w.vault, storage.Options{})
	addFrom(t, w, w.Storages, other)
}

func TestAddFromFiftyAtOnce(t *testing.T) {
	w := newWorld(t, "")
	addFrom(t, w, w.Storages, w.Storages)
}

func addFrom(t *testing.T, w *world, nodes ...*storage.Storages) {
	of := w.of(tandem.StoredCounters)
	var all sync.WaitGroup
	for g := range 50 {
		all.Go(func() {
			for i := range 4 {
				once := fmt.Sprintf("%d/%d", g, i)
				first, err := nodes[g%2].Add(t.Context(), of, once, "n", 1)
				again, err2 := nodes[(g+1)%2].Add(t.Context(), of, once, "n", 1)
				if err := errors.Join(err, err2); err != nil || first != again {
					t.Errorf("%s: %d, then %d, %v", once, first, again, err)
				}
			}
		})
	}
	all.Wait()
	if got, _, err := w.Storages.Get(t.Context(), of, "n"); got != "200" || err != nil {
		t.Errorf("counted %s, %v, want 200", got, err)
	}
}

func TestLife(t *testing.T) {
	w := newWorld(t, "")
	of := w.of(tandem.StoredEchoes)
	change := func(life time.Duration) (was bool) {
		t.Helper()
		_, err := w.Change(t.Context(), of, "", "k", life, func(old *string) (*string, string, error) {
			was = old != nil
			return new(string), "", nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return was
	}
	if change(time.Nanosecond) {
		t.Error("there was something before")
	}
	if _, found, err := w.Storages.Get(t.Context(), of, "k"); found || err != nil {
		t.Errorf("after its time: %v, %v", found, err)
	}
	if change(time.Hour) {
		t.Error("it is there after its time")
	}
	if !change(0) {
		t.Error("it is not there before its time is over")
	}
}

func TestPairs(t *testing.T) {
	w := newWorld(t, "")
	of, ctx := w.of(tandem.StoredPairs+"Contact"), t.Context()
	p := tandem.Pair{First: "17", Second: "0031U"}
	if err := w.Pairs.Set(ctx, of, "", p); err != nil {
		t.Fatal(err)
	}
	for _, half := range []tandem.Pair{{First: "17"}, {Second: "0031U"}} {
		if got, found, err := w.Pairs.Get(ctx, of, half); got != p || !found || err != nil {
			t.Errorf("%+v: %+v, %v, %v", half, got, found, err)
		}
	}
	if _, found, err := w.Pairs.Get(ctx, of, tandem.Pair{First: "18"}); found || err != nil {
		t.Errorf("one that is not there: %v, %v", found, err)
	}
	if got, err := w.List(ctx, of, "", 0); err != nil || len(got) != 1 || got[0] != p {
		t.Errorf("%v, %v", got, err)
	}
	if was, err := w.Pairs.Delete(ctx, of, "", tandem.Pair{Second: "0031U"}); !was || err != nil {
		t.Errorf("delete: %v, %v", was, err)
	}
}

// Every operation of scripts.
func TestDo(t *testing.T) {
	w := newWorld(t, "")
	of := w.of(tandem.StoredByScript)
	for _, tt := range []struct {
		operation, key string
		value          any
		want           string
	}{
		{"get", "k", nil, `null`},
		{"set", "k", "a<b", `null`},
		{"get", "k", nil, `"a<b"`},
		{"append", "k", "c", `"a<bc"`},
		{"set", "o", map[string]any{"n": json.Number("1")}, `null`},
		{"get", "o", nil, `{"n":1}`},
		{"append", "o", "x", `error: Only a text or a list can be appended to.`},
		{"set", "l", []any{"a"}, `null`},
		{"append", "l", json.Number("2"), `["a",2]`},
		{"increment", "n", nil, `1`},
		{"increment", "n", json.Number("10"), `11`},
		{"decrement", "n", json.Number("2"), `9`},
		{"get", "n", nil, `9`},
		{"increment", "n", json.Number("1.5"), `error: Value: is not a whole number`},
		{"increment", "k", nil, `error: What is stored as "k" is not a whole number.`},
		{"list_keys", "", nil, `["k","l","n","o"]`},
		{"list_values", "", nil, `["a<bc",["a",2],9,{"n":1}]`},
		{"delete", "k", nil, `true`},
		{"delete", "k", nil, `false`},
		{"set", "k", strings.Repeat("\"", tandem.StorageText), `null`}, // its characters count, not those of JSON
		{"set", "k", strings.Repeat("x", tandem.StorageText+1), `error: Value: has 1025 characters, and may have 1024 at most`},
		{"delete_all", "", nil, `null`},
		{"list_keys", "", nil, `[]`},
		{"rename", "k", nil, `error: There is no operation "rename" of stores.`},
	} {
		if got := do(t.Context(), w, of, tt.operation, tt.key, tt.value); got != tt.want {
			t.Errorf("%s %s %v: %s, want %s", tt.operation, tt.key, tt.value, got, tt.want)
		}
	}
}

// do is an operation's answer as JSON, or its error's message.
func do(ctx context.Context, w *world, of tandem.Storage, operation, key string, value any) string {
	got, err := w.Do(ctx, of, "", operation, key, value)
	if e := (*tandem.Error)(nil); errors.As(err, &e) {
		return "error: " + e.Message
	}
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(got); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}
