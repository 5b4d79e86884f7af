package utility_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/storage"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/utility"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// shelves are the operations on a real database, for an account of it.
type shelves struct {
	all     map[string]invoke.BuiltIn
	account tandem.AccountID
}

func newShelves(t *testing.T, url string) *shelves {
	t.Helper()
	db, err := store.Open(t.Context(), url, storetest.Folder(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	v, err := vault.Unlock(vault.Source{Path: filepath.Join(t.TempDir(), "master.key")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := db.CreatePartner(t.Context(), "Acme", tandem.ConsoleUser{Email: "ada@acme.test"}, "hash", tandem.OAuthClient{ID: "c", SecretHash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	a := &tandem.Account{Partner: p, APIID: "a", Name: "a", Timezone: "UTC", Enabled: true}
	if err := db.CreateAccount(t.Context(), a, v.NewDataKey); err != nil {
		t.Fatal(err)
	}
	return &shelves{utility.Storages(storage.New(db, v, storage.Options{}), storage.NewPairs(db, storage.Options{})), a.ID}
}

// run runs an operation with a request that is JSON, in a cycle, and gives the
// answer as JSON, or the error's text.
func (s *shelves) run(t *testing.T, name, cycle, key, request string, parameters values) string {
	t.Helper()
	operation, ok := s.all[name]
	if !ok {
		t.Fatalf("there is no operation %s", name)
	}
	var in any
	if request != "" {
		d := json.NewDecoder(strings.NewReader(request))
		d.UseNumber()
		if err := d.Decode(&in); err != nil {
			t.Fatal(err)
		}
	}
	out, err := operation(t.Context(), invoke.Operation{
		Origin: invoke.Origin{Account: s.account, Cycle: tandem.CycleID(cycle)}, Request: in, Parameters: parameters, IdempotencyKey: key,
	})
	if err != nil {
		failed := (*invoke.Error)(nil)
		if !errors.As(err, &failed) {
			t.Fatalf("%s: %T is not an *invoke.Error: %v", name, err, err)
		}
		return string(failed.Kind) + ": " + failed.Detail
	}
	text, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// script is operations, one after the other, with what each gives.
type script []struct{ name, cycle, key, request, want string }

func (s *shelves) play(t *testing.T, all script) {
	t.Helper()
	for i, o := range all {
		if diff := cmp.Diff(o.want, s.run(t, o.name, o.cycle, o.key, o.request, nil)); diff != "" {
			t.Errorf("%d, %s of %q with %s: -want +got\n%s", i+1, o.name, o.cycle, o.request, diff)
		}
	}
}

func TestDataStorage(t *testing.T) {
	newShelves(t, "").play(t, script{
		{"global_data.get", "c", "", `{"Key":"k"}`, `{"Found":false,"Key":"k"}`},
		{"global_data.set", "c", "", `{"Key":"k","Value":"v"}`, `{"Key":"k","Value":"v"}`},
		{"global_data.append", "d", "once", `{"Key":"k","Value":"+"}`, `{"Key":"k","Value":"v+"}`},
		{"global_data.append", "d", "once", `{"Key":"k","Value":"+"}`, `{"Key":"k","Value":"v+"}`},
		{"global_data.set", "", "", `{"Key":7,"Value":true}`, `{"Key":"7","Value":"true"}`},
		{"global_data.list_values", "", "", ``, `{"Items":[{"Key":"7","Value":"true"},{"Key":"k","Value":"v+"}],"Next":""}`},
		{"global_data.list_keys", "", "", ``, `{"Items":[{"Key":"7"},{"Key":"k"}],"Next":""}`},
		{"cycle_data.get", "c", "", `{"Key":"k"}`, `{"Found":false,"Key":"k"}`},
		{"cycle_data.set", "c", "", `{"Key":"k","Value":"mine"}`, `{"Key":"k","Value":"mine"}`},
		{"cycle_data.get", "d", "", `{"Key":"k"}`, `{"Found":false,"Key":"k"}`},
		{"cycle_data.get", "c", "", `{"Key":"k"}`, `{"Found":true,"Key":"k","Value":"mine"}`},
		{"cycle_data.get", "", "", `{"Key":"k"}`, `build: the storage of a cycle is for the steps of cycles: there is none here`},
		{"global_data.delete", "c", "", `{"Key":"k"}`, `{"Deleted":true,"Key":"k"}`},
		{"global_data.delete", "c", "", `{"Key":"k"}`, `{"Deleted":false,"Key":"k"}`},
		{"global_data.delete_all", "c", "", ``, `{"Deleted":true}`},
		{"global_data.list_keys", "c", "", ``, `{"Items":[],"Next":""}`},
		{"global_data.set", "c", "", `{"Value":"v"}`, `build: Key is required`},
		{"global_data.set", "c", "", `{"Key":"k","Value":"` + strings.Repeat("x", 1025) + `"}`, `build: Value: has 1025 characters, and may have 1024 at most`},
	})
}

func TestListsHavePages(t *testing.T) {
	s := newShelves(t, "")
	for _, key := range []string{"a", "b", "c"} {
		s.run(t, "global_data.set", "", "", `{"Key":"`+key+`"}`, nil)
	}
	for after, want := range map[string]string{"": `{"Items":[{"Key":"a"},{"Key":"b"}],"Next":"b"}`, "b": `{"Items":[{"Key":"c"}],"Next":""}`} {
		if got := s.run(t, "global_data.list_keys", "", "", "", values{"After": after, "PageSize": "2"}); got != want {
			t.Errorf("behind %q: %s, want %s", after, got, want)
		}
	}
	if got := s.run(t, "global_data.list_keys", "", "", "", values{"PageSize": "1001"}); !strings.HasPrefix(got, "build: PageSize") {
		t.Errorf("too many: %s", got)
	}
}

func TestObjectStorage(t *testing.T) {
	newShelves(t, "").play(t, script{
		{"global_object.set", "", "", `{"Key":"k","Object":{"name":"Ada","n":1.50,"tags":["a"]}}`, `{"Key":"k","Object":{"n":1.50,"name":"Ada","tags":["a"]}}`},
		{"global_object.get", "", "", `{"Key":"k"}`, `{"Found":true,"Key":"k","Object":{"n":1.50,"name":"Ada","tags":["a"]}}`},
		{"global_object.update", "", "", `{"Key":"k","Object":{"n":2,"new":{"x":null}}}`, `{"Found":true,"Key":"k","Object":{"n":2,"name":"Ada","new":{"x":null},"tags":["a"]}}`},
		{"global_object.update", "", "", `{"Key":"l","Object":"{\"of\":\"text\"}"}`, `{"Found":true,"Key":"l","Object":{"of":"text"}}`},
		{"global_object.list_objects", "", "", ``, `{"Items":[{"Key":"k","Object":{"n":2,"name":"Ada","new":{"x":null},"tags":["a"]}},{"Key":"l","Object":{"of":"text"}}],"Next":""}`},
		{"cycle_object.get", "c", "", `{"Key":"k"}`, `{"Found":false,"Key":"k"}`},
		{"global_data.get", "", "", `{"Key":"k"}`, `{"Found":false,"Key":"k"}`},
		{"global_object.set", "", "", `{"Key":"k","Object":[1]}`, `build: Object is required, and is an object: map its fields, or a text that is one in JSON`},
		{"global_object.set", "", "", `{"Key":"k","Object":{"x":"` + strings.Repeat("x", 1<<16) + `"}}`, `build: Object: has 65544 bytes as JSON, and may have 65536 at most`},
		{"global_object.delete", "", "", `{"Key":"k"}`, `{"Deleted":true,"Key":"k"}`},
	})
}

func TestCounterStorage(t *testing.T) {
	for name, url := range map[string]func(testing.TB) string{"SQLite": func(testing.TB) string { return "" }, "Postgres": storetest.URL} {
		t.Run(name, func(t *testing.T) {
			newShelves(t, url(t)).play(t, script{
				{"counter.get", "", "", `{"Key":"n"}`, `{"Found":false,"Key":"n","Value":0}`},
				{"counter.increment", "c", "1", `{"Key":"n"}`, `{"Key":"n","Value":1}`},
				{"counter.increment", "c", "1", `{"Key":"n"}`, `{"Key":"n","Value":1}`}, // tried again after a crash
				{"counter.increment", "d", "2", `{"Key":"n","By":10}`, `{"Key":"n","Value":11}`},
				{"counter.decrement", "d", "3", `{"Key":"n","By":"2"}`, `{"Key":"n","Value":9}`},
				{"counter.get", "", "", `{"Key":"n"}`, `{"Found":true,"Key":"n","Value":9}`},
				{"counter.set", "", "", `{"Key":"n","Value":-5}`, `{"Key":"n","Value":-5}`},
				{"counter.list", "", "", ``, `{"Items":[{"Key":"n","Value":-5}],"Next":""}`},
				{"counter.increment", "", "", `{"Key":"n","By":1.5}`, `build: By must be a whole number`},
				{"counter.increment", "", "", `{"Key":"n","By":1e30}`, `build: By must be a whole number`},
				{"counter.delete", "", "", `{"Key":"n"}`, `{"Deleted":true,"Key":"n"}`},
			})
		})
	}
}

func TestCrossRefStorage(t *testing.T) {
	newShelves(t, "").play(t, script{
		{"cross_ref.set", "", "", `{"Entity":"Contact","FirstId":17,"SecondId":"0031U"}`, `{"FirstId":"17","SecondId":"0031U"}`},
		{"cross_ref.get_by_first", "", "", `{"Entity":"Contact","FirstId":"17"}`, `{"FirstId":"17","Found":true,"SecondId":"0031U"}`},
		{"cross_ref.get_by_second", "", "", `{"Entity":"Contact","SecondId":"0031U"}`, `{"FirstId":"17","Found":true,"SecondId":"0031U"}`},
		{"cross_ref.get_by_second", "", "", `{"Entity":"Order","SecondId":"0031U"}`, `{"FirstId":"","Found":false,"SecondId":"0031U"}`},
		{"cross_ref.list", "", "", `{"Entity":"Contact"}`, `{"Items":[{"FirstId":"17","SecondId":"0031U"}],"Next":""}`},
		{"cross_ref.delete_by_second", "", "", `{"Entity":"Contact","SecondId":"0031U"}`, `{"Deleted":true}`},
		{"cross_ref.delete_by_first", "", "", `{"Entity":"Contact","FirstId":"17"}`, `{"Deleted":false}`},
		{"cross_ref.set", "", "", `{"FirstId":"17"}`, `build: SecondId is required`},
		{"cross_ref.set", "", "", `{"Entity":"` + strings.Repeat("x", 129) + `","FirstId":"1","SecondId":"2"}`, `build: Entity must be the name of a kind of thing, such as Contact, of at most 128 characters`},
	})
}

func TestPreventer(t *testing.T) {
	const ada, bob = `{"Entity":"Contact","Key":"ada@example.com","Values":{"Value1":"Ada"}}`, `{"Entity":"Contact","Key":"ada@example.com","Values":{"Value1":"Bob"}}`
	newShelves(t, "").play(t, script{
		{"preventer.outbound", "a", "1", ada, `{"Key":"ada@example.com","Reason":"New","UpdateOk":true}`},
		{"preventer.outbound", "a", "1", ada, `{"Key":"ada@example.com","Reason":"New","UpdateOk":true}`}, // tried again after a crash
		{"preventer.inbound", "b", "2", ada, `{"Key":"ada@example.com","Reason":"Echo","UpdateOk":false}`},
		{"preventer.inbound", "b", "3", bob, `{"Key":"ada@example.com","Reason":"Changed","UpdateOk":true}`},
		{"preventer.outbound", "a", "4", bob, `{"Key":"ada@example.com","Reason":"Echo","UpdateOk":false}`},
		{"preventer.outbound", "a", "5", `{"Entity":"Lead","Key":"ada@example.com","Values":{"Value1":"Bob"}}`, `{"Key":"ada@example.com","Reason":"New","UpdateOk":true}`},
		{"preventer.inbound", "b", "6", `{"Values":{"Value1":"Bob"}}`, `build: Key is required: what names the entity in both systems, such as an email address or a shared number`},
		{"preventer.inbound", "b", "7", `{"Key":"k"}`, `build: Values is required: map the fields that are compared`},
	})
}

// broken is a store that cannot be reached.
type broken struct{ utility.Storage }

func (broken) Get(context.Context, tandem.Storage, string) (string, bool, error) {
	return "", false, errors.New("dial tcp 10.0.0.1:5432: refused")
}

func TestStorageOutOfReach(t *testing.T) {
	s := &shelves{all: utility.Storages(broken{}, nil)}
	if got, want := s.run(t, "global_data.get", "", "", `{"Key":"k"}`, nil), "transient: what is stored cannot be reached at the moment"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
