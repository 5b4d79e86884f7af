package store

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/s2"

	"github.com/tandem-ipaas/tandem"
)

func TestExchanges(t *testing.T) {
	p, err := newPacker()
	if err != nil {
		t.Fatal(err)
	}
	request := &tandem.Exchange{Method: "POST", URL: "https://example.com", Headers: map[string]string{"A": "1", "B": ""}, Body: []byte("{}")}
	response := &tandem.Exchange{Status: 200, Body: bytes.Repeat([]byte("body "), 1000)}
	for name, c := range map[string][2]*tandem.Exchange{
		"both": {request, response}, "request": {request, nil}, "response": {nil, response}, "empty": {{}, {}}, "none": {},
	} {
		packed := p.pack(appendExchanges(nil, c[0], c[1]))
		if len(packed) > 400 {
			t.Errorf("%s: %d bytes", name, len(packed))
		}
		plain, err := p.unpack(packed)
		if err != nil {
			t.Fatal(err)
		}
		gotRequest, gotResponse, err := parseExchanges(plain)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, [2]*tandem.Exchange{gotRequest, gotResponse}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func FuzzParseExchanges(f *testing.F) {
	f.Add(appendExchanges(nil, &tandem.Exchange{Method: "GET", Headers: map[string]string{"A": "1"}}, &tandem.Exchange{Status: 500, Body: []byte("x")}))
	f.Add([]byte{3, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		request, response, err := parseExchanges(b)
		if err != nil {
			return
		}
		again, second, err := parseExchanges(appendExchanges(nil, request, response))
		if diff := cmp.Diff([]*tandem.Exchange{request, response}, []*tandem.Exchange{again, second}); diff != "" || err != nil {
			t.Errorf("written and read again: %v\n%s", err, diff)
		}
	})
}

// TestUnpack reads every form that records may have, and refuses what is none.
func TestUnpack(t *testing.T) {
	p, err := newPacker()
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1, packThreshold - 1, packThreshold, quickThreshold - 1, quickThreshold, 100_000} {
		plain := bytes.Repeat([]byte("ab"), size)[:size]
		if got, err := p.unpack(p.pack(plain)); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("of %d bytes came %d, %v", size, len(got), err)
		}
	}
	long := append([]byte{packedS2}, s2.Encode(nil, make([]byte, quickThreshold))...)
	for _, bad := range [][]byte{{3, 1}, {packedS2}, {packedS2, 255}, {packedS2, 4, 0}, {packedZstd, 1, 2}, long} {
		if got, err := p.unpack(bad); err == nil {
			t.Errorf("%x is taken for %q", bad[:min(len(bad), 8)], got)
		}
	}
}

// BenchmarkPack is what the record of a webhook's trigger of about a kilobyte
// takes. It reports the bytes that are left of each.
func BenchmarkPack(b *testing.B) {
	p, err := newPacker()
	if err != nil {
		b.Fatal(err)
	}
	request := &tandem.Exchange{Method: "POST", URL: "/api/webhook/Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmE", Headers: map[string]string{"Content-Type": "application/json", "Content-Length": "1000", "User-Agent": "x"}}
	response := &tandem.Exchange{Body: []byte(`{"id":4711,"type":"order.created","first_name":"Ada","last_name":"Lovelace","email":"ADA@EXAMPLE.COM","total_cents":32977,"country":"gb",
"address":{"line1":"12 St James's Square","line2":"","city":"London","postcode":"SW1Y 4JH"},"lines":[{"sku":"A-14133","title":"Notes by the translator","quantity":1,
"price_cents":80087,"tax_cents":100},{"sku":"B-23555","title":"Sketch of the analytical engine","quantity":2,"price_cents":1299,"tax_cents":260},{"sku":"C-51821","title":
"Letters to a friend","quantity":1,"price_cents":899,"tax_cents":180}],"note":"Please leave with the neighbour at number 7 if nobody answers the door; the bell does not
always work.","source":{"channel":"web","campaign":"autumn","referrer":"https://books.example.com/list/4?utm=abc"},"created":"2026-03-04T05:06:07.004711Z"}`)}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n = len(p.pack(appendExchanges(nil, request, response)))
	}
	b.ReportMetric(float64(n), "left-B/op")
}
