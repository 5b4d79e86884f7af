package store

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

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
