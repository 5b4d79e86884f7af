package connector

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Custom is what can be used of a document that was not written for this
// package: names and values are taken leniently, and what is not known here is
// told, part by part.
type Custom struct {
	*Connector
	Obstacles []string           // what keeps all of it from being used
	LeftOut   []string           // ways to authenticate, and triggers, that cannot be used, with why
	Refused   map[string]Refusal // methods that cannot be used, by MethodUniqueIdentifier
}

// Refusal says why a method is left out.
type Refusal struct{ Name, Reason string }

// defaultVersion is that of documents which name none.
const defaultVersion = "1.0"

// weighty are what names that are not known here have in them, in lower case, if
// what they say changes calls. Whatever else a document says is its author's own.
var weighty = []string{"script", "ratelimit", "paging", "xml", "soap", "connectorproperty", "postinstall"}

// changesCalls says whether a call would be another one if the name of a t were
// known here; of ways to authenticate all that is said counts.
func changesCalls(t reflect.Type, name string) bool {
	return t == reflect.TypeFor[Authentication]() ||
		slices.ContainsFunc(weighty, func(part string) bool { return strings.Contains(name, part) })
}

// ReadCustom reads a document as far as it can be used.
//
// Errors: the document is not a JSON object.
func ReadCustom(data []byte) (*Custom, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var document map[string]any
	if err := d.Decode(&document); err != nil {
		return nil, fmt.Errorf("read a connector: %w", err)
	}
	if document == nil {
		return nil, errors.New("read a connector: it is not an object")
	}
	c := &Custom{Connector: &Connector{}, Refused: map[string]Refusal{}}
	var r lenient
	r.object(document, reflect.ValueOf(c.Connector).Elem(), "")
	if c.Version == "" {
		c.Version = defaultVersion
	}
	if c.Authentication == nil {
		c.Authentication = []Authentication{{AuthType: AuthNone}}
	}
	c.fillGUIDs()
	for i, m := range c.Methods {
		if m.BuiltIn != "" {
			r.errs.add(fmt.Sprintf("Methods[%d].BuiltIn", i), "is for the library that comes with the server")
		}
	}
	c.settle(r.errs)
	return c, nil
}

// Refuse leaves out each method that check finds fault with.
func (c *Custom) Refuse(check func(*Connector, *Method) error) {
	var found Errors
	for i := range c.Methods {
		if err := check(c.Connector, &c.Methods[i]); err != nil {
			found.add(fmt.Sprintf("Methods[%d]", i), "%v", err)
		}
	}
	c.settle(found)
}

// Unsupported is all that is not as the document has it.
func (c *Custom) Unsupported() []string {
	all := slices.Concat(c.Obstacles, c.LeftOut)
	for _, guid := range slices.Sorted(maps.Keys(c.Refused)) {
		r := c.Refused[guid]
		all = append(all, fmt.Sprintf("method %q: %s", r.Name, r.Reason))
	}
	return all
}

// settle leaves out what found is about, then what cannot be without that, and
// so on.
func (c *Custom) settle(found Errors) {
	for found = append(found, validate(c.Connector)...); c.leaveOut(found); {
		found = validate(c.Connector)
	}
}

// leaveOut leaves out the parts that found is about, and says whether anything
// has changed by that.
func (c *Custom) leaveOut(found Errors) bool {
	reasons := map[string]map[int][]string{}
	changed := false
	for _, e := range found {
		list, i := owner(e.Field)
		if !slices.Contains([]string{"Methods", "Authentication", "Triggers"}, list) {
			why := e.Error()
			if e.Field == "Methods" && len(c.Refused) > 0 {
				why = "Methods: none of them can be used"
			}
			changed = c.obstacle(why) || changed
			continue
		}
		if reasons[list] == nil {
			reasons[list] = map[int][]string{}
		}
		reasons[list][i] = append(reasons[list][i], e.Error())
	}
	for i, why := range reasons["Methods"] {
		m := &c.Methods[i]
		c.Refused[strings.ToLower(m.MethodUniqueIdentifier)] = Refusal{m.Name, strings.Join(why, "; ")}
	}
	c.Methods = without(c.Methods, reasons["Methods"])
	c.Triggers = without(c.Triggers, reasons["Triggers"])
	c.LeftOut = append(c.LeftOut, inOrder(reasons["Triggers"])...)
	c.authentications(inOrder(reasons["Authentication"]), without(c.Authentication, reasons["Authentication"]))
	return changed || len(reasons) > 0
}

// authentications leaves those that can be used. It is an obstacle if there are
// none.
func (c *Custom) authentications(reasons []string, left []Authentication) {
	if c.Authentication = left; len(left) > 0 {
		c.LeftOut = append(c.LeftOut, reasons...)
		return
	}
	for _, why := range reasons {
		c.obstacle(why)
	}
	c.Authentication = []Authentication{{AuthType: AuthNone}} // of nobody: it cannot be installed
}

// obstacle notes what is not noted yet.
func (c *Custom) obstacle(why string) bool {
	if slices.Contains(c.Obstacles, why) {
		return false
	}
	c.Obstacles = append(c.Obstacles, why)
	return true
}

// owner is the list, and the place in it, that a field is in; "" if it is in none.
func owner(field string) (list string, i int) {
	list, rest, found := strings.Cut(field, "[")
	number, _, closed := strings.Cut(rest, "]")
	i, err := strconv.Atoi(number)
	if !found || !closed || err != nil {
		return "", 0
	}
	return list, i
}

func without[T any](all []T, left map[int][]string) []T {
	var kept []T
	for i := range all {
		if left[i] == nil {
			kept = append(kept, all[i])
		}
	}
	return kept
}

func inOrder(reasons map[int][]string) (all []string) {
	for _, i := range slices.Sorted(maps.Keys(reasons)) {
		all = append(all, reasons[i]...)
	}
	return all
}
