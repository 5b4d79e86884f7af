package connector

import (
	"slices"
	"testing"
)

func TestAuthority(t *testing.T) {
	for endpoint, want := range map[string]string{
		"":                               "",
		"/notes":                         "",
		"https://a.test":                 "https://a.test",
		"https://a.test/x//y":            "https://a.test",
		"https://{{A}}.test?x={{B}}":     "https://{{A}}.test",
		"{{A}}/x?to=https://b.test":      "{{A}}",
		"{{A}}{{B}}#c":                   "{{A}}{{B}}",
		"{{A}}://{{B}}:{{C}}/{{D}}":      "{{A}}://{{B}}:{{C}}",
		"{{A | replace:'/':'?'}}{{B}}/x": "{{A | replace:'/':'?'}}{{B}}",
		"{{A/x":                          "{{A/x",
	} {
		if got := Authority(endpoint); got != want {
			t.Errorf("%q: %q, want %q", endpoint, got, want)
		}
	}
}

func TestHostsSteer(t *testing.T) {
	c := &Connector{Parameters: []Parameter{{ID: 1, Name: HostsProperty, AccountConnectorProperty: true}, {ID: 2, Name: "Other", AccountConnectorProperty: true}}}
	if !c.Steers(1) || c.Steers(2) {
		t.Errorf("Hosts steers: %v, another: %v", c.Steers(1), c.Steers(2))
	}
	m := Method{Endpoint: "{{Fixed}}{{Free}}", Parameters: []Parameter{{ID: 3, Name: "Fixed", Value: "https://{{Part}}"}, {ID: 4, Name: "Free"}, {ID: 5, Name: "Part"}}}
	if got := c.Choosers(&m); len(got) != 2 || got[0].ID != 4 || got[1].ID != 5 {
		t.Errorf("chosen by %+v", got)
	}
}

func TestSteering(t *testing.T) {
	c := &Connector{Parameters: []Parameter{
		{ID: 1, Name: "BaseUrl", TargetType: MergeField, AccountConnectorProperty: true},
		{ID: 2, Name: "Base", TargetType: MergeField, AccountConnectorProperty: true},
		{ID: 3, Name: "Zone", TargetType: MergeField, TargetName: "zone", AccountConnectorProperty: true},
		{ID: 4, Name: "Site", TargetType: HTTPHeader, Value: "https://{{ Shop | lower }}.test"},
		{ID: 5, Name: "Shop", TargetType: QueryString, Default: "{{{Fallback format=x}}}", AccountConnectorProperty: true},
		{ID: 6, Name: "Fallback", TargetType: MergeField, Value: "{{Shop}}", AccountConnectorProperty: true},
		{ID: 7, Name: "Path", TargetType: MergeField, AccountConnectorProperty: true},
	}}
	for endpoint, want := range map[string][]int64{
		"https://a.test/{{Path}}":        nil,
		"{{BaseUrl}}/{{Path}}":           {1},
		"https://{{zone}}.test/{{Path}}": {3},
		"{{ Site }}/{{Path}}":            {4, 5, 6},
		"{{Path}}{{Base|trim}}":          {2, 7},
		"https://{{own}}.test/":          {8},
	} {
		m := Method{Endpoint: endpoint, Parameters: []Parameter{{ID: 8, Name: "own", TargetType: MergeField}}}
		var got []int64
		for _, p := range c.Steering(&m) {
			got = append(got, p.ID)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: made of %v, want %v", endpoint, got, want)
		}
		var chosen []int64
		for _, p := range c.Choosers(&m) {
			chosen = append(chosen, p.ID)
		}
		if slices.Contains(want, 8) != slices.Equal(chosen, []int64{8}) || !slices.Contains(want, 8) && chosen != nil {
			t.Errorf("%s: the method chooses by %v", endpoint, chosen)
		}
		c.Methods = []Method{{Endpoint: "https://a.test"}, m}
		for id := range int64(9) {
			own := id != 4 && id != 8 // the others are no property of an account's
			if c.Steers(id) != (own && slices.Contains(want, id)) {
				t.Errorf("%s: parameter %d steers: %v", endpoint, id, !own)
			}
		}
	}
}
