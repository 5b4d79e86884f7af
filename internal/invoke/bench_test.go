package invoke_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// sink is a server that does as little as it can. Its time is in the figures.
func sink(b *testing.B) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header()["Content-Type"] = []string{"application/json"}
		io.WriteString(w, `{"ok":true,"id":"8f14e45f"}`)
	}))
	b.Cleanup(s.Close)
	return s.URL
}

func mapped() object {
	return object{
		"externalId": "cus_8812734", "fullName": "Ada Lovelace", "email": "ada@example.com", "total": json.Number("199.90"),
		"country": "GB", "t0": json.Number("1795300000000"),
	}
}

func benchmarkCall(b *testing.B, auth invoke.Credentials) {
	m := connector.Method{}
	for name := range mapped() {
		m.RequestFields = append(m.RequestFields, connector.Field{ConnectorField: name})
	}
	call := method(sink(b), m)
	call.Auth, call.IdempotencyKey = auth, strings.Repeat("k", 32)
	c := newCaller(b)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			call := call
			call.Body = mapped()
			if _, err := c.Call(b.Context(), call); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkCall(b *testing.B) { benchmarkCall(b, invoke.Credentials{}) }

func BenchmarkCallWithKey(b *testing.B) {
	benchmarkCall(b, invoke.Credentials{
		Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey, AuthScheme: "Bearer"}, Value: "k3y-0123456789abcdef",
	})
}

// BenchmarkBare is the same request by net/http alone, to compare with.
func BenchmarkBare(b *testing.B) {
	url := sink(b) + "/things"
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1024}}
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			body, _ := json.Marshal(mapped())
			resp, err := client.Post(url, "application/json", strings.NewReader(string(body)))
			if err != nil {
				b.Error(err)
				return
			}
			io.ReadAll(resp.Body)
			resp.Body.Close()
		}
	})
}
