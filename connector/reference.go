package connector

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Reference describes to people all that a definition can have, in Markdown: a
// table for each type, with the members in the order in which files are written.
// It is made of what [Schema] is made of.
func Reference() []byte {
	var b bytes.Buffer
	b.WriteString("# Reference of connectors\n\n" +
		"All that `connector.yaml` can have. [Writing a connector](connectors.md) teaches how to use it; [connector/schema.json](../connector/schema.json)\n" +
		"says the same to editors. A member that is not here is refused. This page is made of the types: `go test ./connector -update` writes it anew.\n")
	types := []reflect.Type{reflect.TypeFor[Connector]()}
	for i := 0; i < len(types); i++ { // which grows
		for _, t := range tabulate(&b, types[i]) {
			if !slices.Contains(types, t) {
				types = append(types, t)
			}
		}
	}
	return b.Bytes()
}

// tabulate writes the table of a type, and returns the types of its members.
func tabulate(b *bytes.Buffer, t reflect.Type) (further []reflect.Type) {
	describe := Descriptions()
	fmt.Fprintf(b, "\n## %s\n\n| member | is | required | |\n| --- | --- | --- | --- |\n", t.Name())
	for _, m := range members(t) {
		kind, of := t.Field(m.index).Type, ""
		if kind.Kind() == reflect.Slice {
			kind, of = kind.Elem(), "list of "
		}
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		if kind.Kind() == reflect.Struct {
			further = append(further, kind)
		}
		required := ""
		if m.required {
			required = "yes"
		}
		about := described(map[string]any{}, describe[t.Name()+"."+m.name], describe[m.name])["description"]
		fmt.Fprintf(b, "| `%s` | %s%s | %s | %s |\n", m.name, of, kindOf(kind), required, cell(fmt.Sprint(about)))
	}
	return further
}

// kindOf says what a value of a type is.
func kindOf(t reflect.Type) string {
	switch {
	case t.Kind() == reflect.Struct:
		return fmt.Sprintf("[%s](#%s)", t.Name(), anchor(t.Name()))
	case t.Kind() == reflect.Bool:
		return "`true` or `false`"
	case t.Kind() != reflect.String:
		return "whole number"
	case enums[t] != nil:
		return "`" + strings.Join(enums[t], "`, `") + "`"
	}
	return "text"
}
