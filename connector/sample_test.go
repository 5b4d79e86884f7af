package connector

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func decodeSample(t testing.TB, text string) (doc any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// Each new location is a field, with name and type guessed.
func TestSampleFields(t *testing.T) {
	got, err := SampleFields(
		decodeSample(t, `{"id":7,"first_name":"Amy","Score":1,"nothing":null,"ok":true,"born":"1990-02-03","seen":"2026-01-02T03:04:05Z","mixed":1,
			"address":{"postCode":"1","Name of street":null},"tags":["a"],"rows":[{"cells":[{"v":1}]},{"cells":[{"v":2.5,"name":"x"}]}],"grid":[[1],[2]],
			"empty":[],"void":{},"it's":1,"late":null}`),
		decodeSample(t, `{"Score":2.5,"mixed":"x","late":"2026-01-02","nothing":null,"tags":[],"order":{"id":1}}`),
	)
	if err != nil {
		t.Fatal(err)
	}
	field := func(at, name string, kind DataType, format ...string) Field {
		return Field{ConnectorField: at, DisplayName: name, DataType: kind, DataTypeFormat: strings.Join(format, ""), Optional: true}
	}
	want := []Field{
		field("Score", "Score", Float), field("address.['Name of street']", "Name Of Street", Undefined), field("address.postCode", "Post Code", Text),
		field("born", "Born", DateTime, "yyyy-MM-dd"), field("first_name", "First Name", Text), field("[grid].[]", "Grid", Integer), field("id", "Id", Integer),
		field(`['it\'s']`, "It's", Integer), field("late", "Late", DateTime, "yyyy-MM-dd"), field("mixed", "Mixed", Text), field("nothing", "Nothing", Undefined),
		field("ok", "Ok", Boolean), field("order.id", "Order Id", Integer), field("[rows].[cells].name", "Name", Text), field("[rows].[cells].v", "V", Float),
		field("seen", "Seen", DateTime), field("[tags]", "Tags", Text),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestSampleFieldsBounds(t *testing.T) {
	many := map[string]any{}
	for i := range MaxDiscovered {
		many[fmt.Sprint("f", i)] = "x"
	}
	if got, err := SampleFields(many); err != nil || len(got) != MaxDiscovered {
		t.Errorf("%d, %v", len(got), err)
	}
	many["one more"] = "x"
	if _, err := SampleFields(many); err == nil || err.Error() != "there are 1001 fields, and may be 1000 at most" {
		t.Errorf("%v", err)
	}
	deep := decodeSample(t, strings.Repeat(`{"a":`, 40)+"1"+strings.Repeat("}", 40))
	got, err := SampleFields(deep, map[string]any{"x\x00y": 1, strings.Repeat("n", maxLocation+1): 1})
	if err != nil || len(got) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// FuzzSampleFields holds discovered fields to what they are for: all of them can
// be set in one document, which is then of the same fields.
func FuzzSampleFields(f *testing.F) {
	for _, seed := range []string{
		`{"a":{"b":[1,{"c":2}]}}`, `[{"a":[[1]]},{"a":{"b":1}}]`, `{"":{"'":1,"]":[{}]}}`, `[1,[2]]`, `{"a":1,"b":[null]}`, `"x"`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var doc any
		if json.Unmarshal([]byte(text), &doc) != nil {
			return
		}
		fields, err := SampleFields(doc)
		if err != nil {
			return
		}
		var made any
		for i := range fields {
			at, err := ParseLocation(fields[i].ConnectorField)
			if err != nil || at.String() != fields[i].ConnectorField {
				t.Fatalf("%q: %v", fields[i].ConnectorField, err)
			}
			if made, err = at.Set(made, "x"); err != nil {
				t.Fatalf("%s cannot be set beside the others: %v", at, err)
			}
		}
		again, err := SampleFields(made)
		if err != nil {
			t.Fatal(err)
		}
		same := func(a, b Field) bool { return a.ConnectorField == b.ConnectorField }
		if diff := cmp.Diff(fields, again, cmp.Comparer(same)); diff != "" {
			t.Errorf("%s\n-first +again\n%s", text, diff)
		}
	})
}

func TestDescribedFields(t *testing.T) {
	items := decodeSample(t, `[
		{"cyclr_field_location":"properties.shoe_size","cyclr_display_name":"Shoe size","cyclr_data_type":2,"cyclr_data_type_format":"0","cyclr_default_value":41,
			"cyclr_description":"European","cyclr_is_optional":false,"cyclr_is_readonly":"True","cyclr_is_hidden":true,"cyclr_field_values":[40,"41"]},
		{"cyclr_field_location":"a.b","cyclr_data_type":"5","cyclr_field_values":[{"Value":"1","Label":"One"},{"value":"2"}]},
		{"cyclr_field_location":"pairs","cyclr_data_type":0,"cyclr_field_values":[["1","One"]]},
		{"cyclr_field_location":"named","cyclr_data_type":4,"cyclr_field_values":{"x":"Ex"}},
		{"cyclr_field_location":"a.b"}, {"cyclr_display_name":"nowhere"}, 7, {"cyclr_field_location":"t","cyclr_data_type":6}, {"cyclr_field_location":"u","cyclr_is_hidden":"maybe"},
		{"cyclr_field_location":"f","cyclr_data_type":3}, {"cyclr_field_location":"s","cyclr_data_type":1}
	]`).([]any)
	got, left := DescribedFields(items)
	want := []Field{
		{
			ConnectorField: "properties.shoe_size", DisplayName: "Shoe size", DataType: Integer, DataTypeFormat: "0", Default: "41", Description: "European",
			ReadOnly: true, Hidden: true, Values: []Choice{{Value: "40"}, {Value: "41"}},
		},
		{ConnectorField: "a.b", DisplayName: "B", DataType: DateTime, Optional: true, Values: []Choice{{"1", "One"}, {"2", ""}}},
		{ConnectorField: "pairs", DisplayName: "Pairs", DataType: Undefined, Optional: true, Values: []Choice{{"1", "One"}}},
		{ConnectorField: "named", DisplayName: "Named", DataType: Boolean, Optional: true, Values: []Choice{{"x", "Ex"}}},
		{ConnectorField: "f", DisplayName: "F", DataType: Float, Optional: true}, {ConnectorField: "s", DisplayName: "S", DataType: Text, Optional: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	wantLeft := []string{
		"item 5: a.b is there twice", "item 6: cyclr_field_location: location is empty", "item 7: is not an object",
		`item 8: cyclr_data_type: "6" is none of 0 to 5`, `item 9: cyclr_is_hidden: "maybe" is neither true nor false`,
	}
	if diff := cmp.Diff(wantLeft, left); diff != "" {
		t.Errorf("left out: -want +got\n%s", diff)
	}
}

// FuzzDescribedFields: whatever items say, what comes of them can be kept.
func FuzzDescribedFields(f *testing.F) {
	f.Add(`[{"cyclr_field_location":"a","cyclr_field_values":[[1,2],{"value":1}]}]`)
	f.Fuzz(func(t *testing.T, text string) {
		var items []any
		if json.Unmarshal([]byte(text), &items) != nil {
			return
		}
		fields, left := DescribedFields(items)
		if len(fields)+len(left) > len(items) {
			t.Errorf("%d items, %d fields, %d left out", len(items), len(fields), len(left))
		}
		for _, field := range fields {
			if _, err := ParseLocation(field.ConnectorField); err != nil {
				t.Error(err)
			}
		}
	})
}
