package connector

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func released() *Connector {
	return &Connector{
		Authentication: []Authentication{{AuthType: AuthAPIKey}, {Name: "Staff", AuthType: AuthBasic}},
		Parameters:     []Parameter{{Name: "BaseUrl", AccountConnectorProperty: true}, {Name: "Fixed"}},
		Methods: []Method{
			{
				Name: "Add", MethodUniqueIdentifier: "a", MethodType: Action,
				Parameters:    []Parameter{{Name: "List"}, {Name: "Seen", Hidden: true}, {Name: "Size", DataType: Integer}},
				RequestFields: []Field{{ConnectorField: "email"}, {ConnectorField: "age", DataType: Float}}, ResponseFields: []Field{{ConnectorField: "id", DataType: Text}},
			},
			{Name: "Unused", MethodUniqueIdentifier: "b", MethodType: Action, Parameters: []Parameter{{Name: "x"}}},
		},
	}
}

// A minor release may take nothing away that is in use, nor change it so that it
// does not fit; all that it would is told.
func TestIncompatible(t *testing.T) {
	used := func(guid string) bool { return guid == "a" }
	for name, test := range map[string]struct {
		change func(*Connector)
		want   string
	}{
		"nothing": {func(*Connector) {}, ""},
		"what only adds": {func(c *Connector) {
			c.Methods = append(c.Methods, Method{Name: "New", MethodUniqueIdentifier: "n"})
			m := &c.Methods[0]
			m.Name, m.Endpoint = "Add one", "/other"
			m.Parameters = append(m.Parameters, Parameter{Name: "More", Optional: true}, Parameter{Name: "Set", Default: "1"})
			m.RequestFields = append(m.RequestFields, Field{ConnectorField: "more", Optional: true})
		}, ""},
		"a method that nobody uses": {func(c *Connector) { c.Methods = c.Methods[:1] }, ""},
		"what nobody sees": {func(c *Connector) {
			c.Methods[0].Parameters = append(c.Methods[0].Parameters[:1:1], c.Methods[0].Parameters[2])
		}, ""},
		"wider types": {func(c *Connector) {
			c.Methods[0].Parameters[2].DataType, c.Methods[0].RequestFields[1].DataType = Float, Text
		}, ""},
		"a method": {func(c *Connector) { c.Methods = c.Methods[1:] }, `method "Add" is gone`},
		"everything else": {func(c *Connector) {
			c.Authentication, c.Parameters = c.Authentication[:1], nil
			c.Methods[0] = Method{
				Name: "Add", MethodUniqueIdentifier: "A", MethodType: Webhook, Parameters: []Parameter{{Name: "Size", DataType: Boolean}, {Name: "Must"}},
				RequestFields: []Field{{ConnectorField: "age", DataType: Integer}}, ResponseFields: []Field{{ConnectorField: "id", DataType: Integer}},
			}
		}, `the authentication Basic Staff is gone
parameter BaseUrl is gone
method "Add" is Webhook now, and was Action
parameter List of method "Add" is gone
parameter Size of method "Add" is Boolean now, and was Integer
parameter Must of method "Add" is new, and is required
request field email of method "Add" is gone
request field age of method "Add" is Integer now, and was Float
response field id of method "Add" is Integer now, and was Text`},
		"a new field": {func(c *Connector) {
			c.Methods[0].RequestFields = append(c.Methods[0].RequestFields, Field{ConnectorField: "name"})
		}, `request field name of method "Add" is new, and is required`},
	} {
		now := released()
		test.change(now)
		if diff := cmp.Diff(test.want, strings.Join(now.Incompatible(released(), used), "\n")); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}
