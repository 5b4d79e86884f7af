package sink

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const right = `{"externalId":"evt-1","fullName":"Ada Lovelace","email":"ada@example.com","total":1299.5,"country":"GB","t0":1700000000000000}`

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		name, old, new string
		ok             bool
	}{
		{"right", "", "", true},
		{"spaced", `":`, `": `, true},
		{"other number format", "1299.5", "1299.50", true},
		{"wrong number", "1299.5", "1299.51", false},
		{"number as text", "1299.5", `"1299.5"`, false},
		{"name not joined", "Ada Lovelace", "Ada", false},
		{"email not lowered", "ada@", "ADA@", false},
		{"country not raised", "GB", "gb", false},
		{"no id", `"externalId":"evt-1",`, "", false},
		{"no time", `,"t0":1700000000000000`, "", false},
		{"cut", `}`, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := strings.ReplaceAll(right, tt.old, tt.new)
			if tt.old == "" {
				body = right
			}
			d, ok := parse([]byte(body))
			if ok != tt.ok || ok && (d.ExternalID != "evt-1" || d.T0 != 1700000000000000) {
				t.Errorf("%s: %+v, %v", body, d, ok)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(right)
	f.Add(`"fullName":"Ada Lovelace"`)
	f.Fuzz(func(t *testing.T, body string) {
		if d, ok := parse([]byte(body)); ok && (d.ExternalID == "" || d.T0 == 0) {
			t.Errorf("%q passes as %+v", body, d)
		}
	})
}

func TestCountsAndChecks(t *testing.T) {
	s, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	post := func(body string) {
		t.Helper()
		resp, err := http.Post(s.URL+"/sink", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	gold := strings.Replace(right, `}`, `,"tier":"gold"}`, 1)
	post(right)
	post(right)
	post(gold)
	post("x")
	resp, err := http.Get(s.URL + "/stub/lookup?id=1")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	st := s.Stats()
	if st.Count != 4 || st.Duplicates != 1 || st.Wrong != 2 || st.Lookups != 1 || st.WrongBody != "x" {
		t.Errorf("%+v", st)
	}
	if !strings.Contains(string(b), `"tier":"gold"`) || st.EndToEnd.P50 < time.Hour {
		t.Errorf("lookup %s, end to end %v", b, st.EndToEnd.P50)
	}
	s.Reset("gold")
	post(right)
	post(gold)
	if st := s.Stats(); st.Count != 2 || st.Wrong != 1 || st.Duplicates != 0 {
		t.Errorf("after reset: %+v", st)
	}
}
