package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFrames(t *testing.T) {
	all := []Message{
		{Ready: Version},
		{Run: &Run{Limits: Limits{Milliseconds: 5, Memory: 7}, Event: "after_action", Levels: []Level{{Name: "Step", Text: "</é\u2028"}}, State: map[string]json.RawMessage{"a": json.RawMessage(`{"b":"<"}`)}}},
		{Log: "line"},
		{Call: &Call{Function: "storage", Argument: json.RawMessage(`[]`)}},
		{Answer: &Answer{Error: "no"}},
		{Done: &Done{Results: []Result{{Value: json.RawMessage(`1`)}, {Fault: &Fault{Kind: "Thrown", Line: 3}}}}},
	}
	var pipe bytes.Buffer
	for _, m := range all {
		if err := Write(&pipe, m); err != nil {
			t.Fatal(err)
		}
	}
	r := NewReader(&pipe)
	for _, want := range all {
		got, err := r.Read()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	if _, err := r.Read(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

func TestTooLongToSend(t *testing.T) {
	if err := Write(io.Discard, Message{Log: strings.Repeat("x", MaxFrame+1)}); err == nil {
		t.Error("a frame beyond the limit was sent")
	}
}

// Whatever comes, reading it ends, with a message or an error, and needs no more
// memory than what came.
func FuzzReader(f *testing.F) {
	frame, err := Encode(Message{Done: &Done{True: true}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(frame)
	f.Add(append(frame, frame...))
	f.Add([]byte{0, 0, 0, 2, '{', '}'})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{0x01, 0xff, 0xff, 0xff, '{'})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		r := NewReader(bytes.NewReader(data))
		for n := 0; ; n++ {
			m, err := r.Read()
			if err != nil {
				return
			}
			if n > len(data) {
				t.Fatal("more frames than bytes")
			}
			if _, err := Encode(m); err != nil {
				t.Fatalf("what was read cannot be written: %v", err)
			}
		}
	})
}
