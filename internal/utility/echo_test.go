package utility

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// second is a time on the clock of the tests, in seconds.
func second(n int) time.Time { return time.Unix(1_800_000_000+int64(n), 0).UTC() }

func TestDecide(t *testing.T) {
	type update struct {
		second int
		side   string
		hash   string
		want   verdict
	}
	for name, updates := range map[string][]update{
		"comes back once":              {{0, "in", "a", isNew}, {1, "out", "a", isEcho}},
		"comes back twice":             {{0, "in", "a", isNew}, {1, "out", "a", isEcho}, {2, "out", "a", isEcho}},
		"comes back days later":        {{0, "in", "a", isNew}, {200_000, "out", "a", isEcho}},
		"a change answers a change":    {{0, "in", "a", isNew}, {1, "out", "a", isEcho}, {50, "out", "b", isChanged}, {51, "in", "b", isEcho}},
		"back to what it was":          {{0, "in", "a", isNew}, {1, "out", "a", isEcho}, {50, "out", "b", isChanged}, {51, "in", "b", isEcho}, {90, "in", "a", isChanged}, {91, "out", "a", isEcho}},
		"saved again":                  {{0, "in", "a", isNew}, {1, "out", "a", isEcho}, {50, "in", "a", isRepeat}, {51, "out", "a", isEcho}},
		"two under way, in order":      {{0, "in", "a", isNew}, {1, "in", "b", isChanged}, {2, "out", "a", isEcho}, {3, "out", "b", isEcho}},
		"two under way, overtaken":     {{0, "in", "a", isNew}, {1, "in", "b", isChanged}, {2, "out", "b", isEcho}, {3, "out", "a", isEcho}},
		"both at once":                 {{0, "in", "a", isNew}, {0, "out", "b", isChanged}, {1, "in", "b", isEcho}, {1, "out", "a", isEcho}},
		"an old value is news later":   {{0, "in", "a", isNew}, {1, "in", "b", isChanged}, {2, "out", "b", isEcho}, {700, "out", "a", isChanged}},
		"an old value is news at once": {{0, "in", "a", isNew}, {1, "out", "a", isEcho}, {2, "in", "b", isChanged}, {3, "out", "b", isEcho}, {4, "out", "a", isChanged}},
	} {
		var e echo
		for i, u := range updates {
			e = kept(t, e)
			if got := e.decide(u.hash, u.side, second(u.second)); got != u.want {
				t.Errorf("%s: update %d is %s, want %s", name, i+1, got, u.want)
			}
		}
	}
}

// kept is an echo as it is read again after it was written.
func kept(t *testing.T, e echo) (read echo) {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// Two systems that write values each in a way of its own would go round for ever.
func TestDecideEndsLoops(t *testing.T) {
	var e echo
	rounds := 0
	for ; rounds < 10*maxTurns; rounds++ {
		side, hash := "in", "ADA"
		if rounds%2 == 1 {
			side, hash = "out", "ada"
		}
		if v := e.decide(hash, side, second(rounds)); !v.ok() {
			break
		}
	}
	if rounds < 3 || rounds > maxTurns+1 {
		t.Errorf("it went on %d times", rounds)
	}
	if len(e.Flight) > maxFlight {
		t.Errorf("%d values are kept", len(e.Flight))
	}
	if v := e.decide("Bob", "out", second(10_000)); v != isChanged {
		t.Errorf("later a change is %s", v)
	}
}

// Two systems, updated from each other, whose news arrive in any order, twice at
// times: whatever people change, the updates come to an end, and each change is
// passed on once.
func TestDecideInAnyOrder(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		type news struct{ side, value string }
		var e echo
		var under []news
		changes, passedOn := 1+random.IntN(6), 0
		for i := range changes {
			under = append(under, news{[]string{"in", "out"}[random.IntN(2)], fmt.Sprint("value ", i)})
		}
		for steps := 0; len(under) > 0; steps++ {
			if steps > 100 {
				t.Fatalf("seed %d: it does not end", seed)
			}
			i := random.IntN(len(under))
			n := under[i]
			if under = append(under[:i:i], under[i+1:]...); !e.decide(n.value, n.side, second(steps)).ok() {
				continue
			}
			passedOn++
			other := map[string]string{"in": "out", "out": "in"}[n.side]
			under = append(under, news{other, n.value})
		}
		if passedOn != changes {
			t.Errorf("seed %d: %d changes were passed on %d times", seed, changes, passedOn)
		}
	}
}

func TestValuesHash(t *testing.T) {
	hash := func(text string, fold bool) string {
		t.Helper()
		v, err := readJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		return valuesHash(v.(map[string]any), fold)
	}
	same := [][2]string{
		{`{"a":1,"b":"x"}`, `{"b":"x","a":1.0}`}, {`{"a":" Ada  Lovelace\n"}`, `{"a":"Ada Lovelace"}`}, {`{"a":"1"}`, `{"a":1}`},
		{`{"a":"x","b":null,"c":"","d":{"e":""},"f":[]}`, `{"a":"x"}`}, {`{"a":true}`, `{"a":"true"}`}, {`{"a":1e2}`, `{"a":100}`},
	}
	for _, pair := range same {
		if hash(pair[0], false) != hash(pair[1], false) {
			t.Errorf("%s is not %s", pair[0], pair[1])
		}
	}
	different := [][2]string{
		{`{"a":"x"}`, `{"b":"x"}`}, {`{"a":"x"}`, `{"a":"X"}`}, {`{"a":"007"}`, `{"a":"7"}`}, {`{"a":["x","y"]}`, `{"a":["y","x"]}`},
		{`{"a":["x",["y"]]}`, `{"a":[["x","y"]]}`}, {`{"a":"x","b":"y"}`, `{"a":"x\",\"b\":\"y"}`}, {`{"a":{"b":"x"}}`, `{"a":"x"}`}, {`{"a":["x"]}`, `{"a":"x"}`},
	}
	for _, pair := range different {
		if hash(pair[0], false) == hash(pair[1], false) {
			t.Errorf("%s is the same as %s", pair[0], pair[1])
		}
	}
	if hash(`{"a":"ADA"}`, true) != hash(`{"a":"ada"}`, true) {
		t.Error("case is not ignored")
	}
}
