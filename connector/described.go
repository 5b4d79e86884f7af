package connector

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// DescribedFields are the fields that items describe, each an object with
// cyclr_field_location and what else is known of the field. What cannot be used is
// left out, and told.
func DescribedFields(items []any) (fields []Field, left []string) {
	seen := map[string]bool{}
	for i, item := range items {
		f, err := describedField(item)
		switch {
		case err != nil:
			left = append(left, fmt.Sprintf("item %d: %v", i+1, err))
		case seen[f.ConnectorField]:
			left = append(left, fmt.Sprintf("item %d: %s is there twice", i+1, f.ConnectorField))
		case len(fields) == MaxDiscovered:
			return fields, append(left, fmt.Sprintf("item %d and what comes after: there may be %d fields at most", i+1, MaxDiscovered))
		default:
			seen[f.ConnectorField] = true
			fields = append(fields, f)
		}
	}
	return fields, left
}

// describedTypes are those of cyclr_data_type, by number.
var describedTypes = []DataType{Undefined, Text, Integer, Float, Boolean, DateTime}

func describedField(item any) (f Field, err error) {
	object, ok := item.(map[string]any)
	if !ok {
		return f, fmt.Errorf("is not an object")
	}
	said := func(name string) string { return strings.TrimSpace(scalarText(object["cyclr_"+name])) }
	at, err := ParseLocation(said("field_location"))
	if err != nil {
		return f, fmt.Errorf("cyclr_field_location: %w", err)
	}
	f = Field{
		ConnectorField: at.String(), DisplayName: said("display_name"), DataTypeFormat: said("data_type_format"), Default: said("default_value"),
		Description: said("description"), DataType: Undefined, Optional: true,
	}
	if len(f.ConnectorField) > maxLocation || strings.IndexByte(f.ConnectorField, 0) >= 0 {
		return f, fmt.Errorf("cyclr_field_location: has more than %d bytes, or a NUL", maxLocation)
	}
	if f.DisplayName == "" {
		f.DisplayName = humanLast(at.Names(), 1)
	}
	if text := said("data_type"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n >= len(describedTypes) {
			return f, fmt.Errorf("cyclr_data_type: %q is none of 0 to %d", text, len(describedTypes)-1)
		}
		f.DataType = describedTypes[n]
	}
	for name, flag := range map[string]*bool{"is_optional": &f.Optional, "is_readonly": &f.ReadOnly, "is_hidden": &f.Hidden} {
		text := said(name)
		if text == "" {
			continue
		}
		if *flag, err = strconv.ParseBool(strings.ToLower(text)); err != nil {
			return f, fmt.Errorf("cyclr_%s: %q is neither true nor false", name, text)
		}
	}
	f.Values = describedValues(object["cyclr_field_values"])
	return f, nil
}

// describedValues reads choices: values; objects or pairs of value and label; or an
// object of labels by value.
func describedValues(from any) (all []Choice) {
	add := func(value, label any) {
		if c := (Choice{scalarText(value), scalarText(label)}); c.Value != "" {
			all = append(all, c)
		}
	}
	switch from := from.(type) {
	case map[string]any:
		for _, value := range slices.Sorted(maps.Keys(from)) {
			add(value, from[value])
		}
	case []any:
		for _, item := range from {
			switch item := item.(type) {
			case map[string]any:
				add(member0(item, "value"), member0(item, "label"))
			case []any:
				if len(item) == 2 {
					add(item[0], item[1])
				}
			default:
				add(item, nil)
			}
		}
	}
	return all
}

// member0 finds a member without regard to case.
func member0(object map[string]any, name string) any {
	for _, known := range slices.Sorted(maps.Keys(object)) {
		if strings.EqualFold(known, name) {
			return object[known]
		}
	}
	return nil
}

// scalarText is a single value as text; "" of anything else.
func scalarText(v any) string {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, "\x00", "")
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}
