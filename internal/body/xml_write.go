package body

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/tandem-ipaas/tandem/connector"
)

// What members are that are no elements.
const (
	attributeMark = "@"
	textMember    = "#text"
	headerMember  = "#header"
)

const xmlDeclaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

func (f *Format) encodeXML(doc any) (Body, error) {
	w := xmlWriter{order: newOrder(f.Order)}
	w.WriteString(xmlDeclaration)
	names, err := rootNames(f.XMLRoot)
	if err != nil {
		return Body{}, err
	}
	if len(names) == 0 {
		if names, doc, err = ownRoot(doc); err != nil {
			return Body{}, err
		}
		w.order = w.order.under(names[0])
	}
	if err := w.nested(names, doc); err != nil {
		return Body{}, fmt.Errorf("XML: %w", err)
	}
	return whole("application/xml; charset=utf-8", w.Bytes()), nil
}

// rootNames are the elements of a root such as Orders.Order, outermost first.
func rootNames(root string) ([]string, error) {
	if root == "" {
		return nil, nil
	}
	l, err := connector.ParseLocation(root)
	if err != nil {
		return nil, fmt.Errorf("XML root: %w", err)
	}
	return l.Names(), nil
}

// ownRoot takes the one element of a document, which is its root.
func ownRoot(doc any) (names []string, inner any, _ error) {
	members, _ := doc.(map[string]any)
	if len(members) != 1 {
		return nil, nil, errors.New("XML: the document must be an object with one member, its root element, or the method have an XML root")
	}
	for name, inner := range members {
		return []string{name}, inner, nil
	}
	return nil, nil, nil
}

// xmlWriter writes elements. Its errors name the element.
type xmlWriter struct {
	bytes.Buffer
	order *order
	path  []string
}

func (w *xmlWriter) fail(format string, args ...any) error {
	return fmt.Errorf(strings.Join(w.path, ".")+": "+format, args...)
}

// nested writes the last of names, with v in it, within the others.
func (w *xmlWriter) nested(names []string, v any) error {
	if len(names) == 1 {
		if items, list := v.([]any); list && len(w.path) == 0 && len(items) != 1 {
			return fmt.Errorf("the root element %s is a list, and can only be one", names[0])
		}
		return w.member(names[0], v, w.order)
	}
	if err := w.open(names[0]); err != nil {
		return err
	}
	w.WriteByte('>')
	if err := w.nested(names[1:], v); err != nil {
		return err
	}
	w.close()
	return nil
}

// open begins the tag of an element.
func (w *xmlWriter) open(name string) error {
	w.path = append(w.path, name)
	if len(w.path) > maxXMLDepth {
		return w.fail("is nested deeper than %d elements", maxXMLDepth)
	}
	if !isXMLName(name) {
		return w.fail("%q cannot be the name of an element", name)
	}
	w.WriteString("<" + name)
	return nil
}

// close ends the innermost element.
func (w *xmlWriter) close() {
	last := len(w.path) - 1
	w.WriteString("</" + w.path[last] + ">")
	w.path = w.path[:last]
}

// member writes an element, or one for each item of a list.
func (w *xmlWriter) member(name string, v any, o *order) error {
	items, list := v.([]any)
	if !list {
		return w.element(name, v, o)
	}
	for _, item := range items {
		if _, list := item.([]any); list {
			return w.fail("%s is a list within a list, which XML does not have", name)
		}
		if err := w.element(name, item, o); err != nil {
			return err
		}
	}
	return nil
}

func (w *xmlWriter) element(name string, v any, o *order) error {
	if err := w.open(name); err != nil {
		return err
	}
	members, object := v.(map[string]any)
	if !object {
		w.WriteByte('>')
		if err := w.text(v); err != nil {
			return err
		}
		w.close()
		return nil
	}
	names := slices.SortedFunc(maps.Keys(members), o.compare)
	for _, n := range names {
		if attribute, ok := strings.CutPrefix(n, attributeMark); ok && members[n] != nil {
			if err := w.attribute(attribute, members[n]); err != nil {
				return err
			}
		}
	}
	w.WriteByte('>')
	if err := w.text(members[textMember]); err != nil {
		return err
	}
	for _, n := range names {
		if strings.HasPrefix(n, attributeMark) || n == textMember {
			continue
		}
		if err := w.member(n, members[n], o.under(n)); err != nil {
			return err
		}
	}
	w.close()
	return nil
}

func (w *xmlWriter) attribute(name string, v any) error {
	if !isXMLName(name) {
		return w.fail("%q cannot be the name of an attribute", name)
	}
	w.WriteString(" " + name + `="`)
	if err := w.text(v); err != nil {
		return fmt.Errorf("attribute %s of %w", name, err)
	}
	w.WriteByte('"')
	return nil
}

func (w *xmlWriter) text(v any) error {
	s, ok := scalar(v)
	if !ok {
		return w.fail("its text is %s, and can only be a single value", kindOf(v))
	}
	if i := strings.IndexFunc(s, outsideXML); i >= 0 {
		return w.fail("its text has the character %U, which XML cannot have", []rune(s[i:])[0])
	}
	return xml.EscapeText(w, []byte(s))
}

// isXMLName tells whether an element or attribute can have a name, perhaps with
// a prefix.
func isXMLName(s string) bool {
	prefix, local, prefixed := strings.Cut(s, ":")
	return isXMLPart(prefix) && (!prefixed || isXMLPart(local))
}

func isXMLPart(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || r != '-' && r != '.' && !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// outsideXML tells whether XML cannot have r at all, not even escaped.
func outsideXML(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff'
}
