package body

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// What XML may have at most; more is an attack.
const (
	maxXMLDepth      = 200
	maxXMLNodes      = 1_000_000 // elements and attributes
	maxXMLAttributes = 10_000    // of one element; rather, equal signs in a tag
)

func (f *Format) decodeXML(src Source) (any, error) {
	in, err := utf8Reader(src.Body, src.ContentType, declaredCharset)
	if err != nil {
		return nil, err
	}
	r := newXMLReader(in)
	doc, err := r.read()
	if err != nil {
		return nil, fmt.Errorf("the body is not XML that can be read: %w", err)
	}
	if f.SOAP != "" {
		if doc, err = openEnvelope(doc); err != nil {
			return nil, err
		}
	}
	return asLists(doc, f.Lists)
}

// declaredCharset is what an XML declaration says. That it can be read as ASCII
// shows that it is not UTF-16, which some libraries say of all they write.
func declaredCharset(head []byte) string {
	found := regexp.MustCompile(`^<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`).FindSubmatch(head)
	if found == nil || strings.HasPrefix(strings.ToLower(string(found[1])), "utf-16") {
		return ""
	}
	return string(found[1])
}

// xmlReader makes a document of XML's tokens, with prefixes as they are written,
// and so checks itself that tags match.
type xmlReader struct {
	tokens *xml.Decoder
	guard  *tagGuard
	open   []*xmlElement
	nodes  int
	doc    map[string]any // the root, once it is closed
}

type xmlElement struct {
	name     string
	members  map[string]any // attributes and elements
	elements bool           // there are some
	text     []byte
}

func newXMLReader(in io.Reader) *xmlReader {
	guard := newTagGuard(in)
	r := &xmlReader{guard: guard, tokens: xml.NewDecoder(guard)}
	r.tokens.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	return r
}

func (r *xmlReader) read() (any, error) {
	for {
		r.guard.next()
		token, err := r.tokens.RawToken()
		if errors.Is(err, io.EOF) {
			return r.end()
		}
		if err == nil {
			err = r.take(token)
		}
		if err != nil {
			return nil, err
		}
	}
}

func (r *xmlReader) end() (any, error) {
	if len(r.open) > 0 {
		return nil, fmt.Errorf("it ends within the element %s", r.open[len(r.open)-1].name)
	}
	if r.doc == nil {
		return nil, errors.New("it has no element")
	}
	return r.doc, nil
}

func (r *xmlReader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return r.start(t)
	case xml.EndElement:
		return r.finish(rawName(t.Name))
	case xml.CharData:
		if len(r.open) > 0 {
			inner := r.open[len(r.open)-1]
			inner.text = append(inner.text, t...)
		} else if strings.TrimSpace(string(t)) != "" {
			return errors.New("there is text outside of the root element")
		}
	case xml.Directive:
		return errors.New("it has a document type (DTD), which is not taken")
	}
	return nil // comments and instructions say nothing
}

func (r *xmlReader) start(t xml.StartElement) error {
	e := &xmlElement{name: rawName(t.Name)}
	if r.nodes += 1 + len(t.Attr); r.nodes > maxXMLNodes {
		return fmt.Errorf("it has more than %d elements and attributes", maxXMLNodes)
	}
	if len(r.open) == maxXMLDepth {
		return fmt.Errorf("it is nested deeper than %d elements", maxXMLDepth)
	}
	if len(r.open) == 0 && r.doc != nil {
		return errors.New("it has more than one root element")
	}
	for _, a := range t.Attr {
		name := attributeMark + rawName(a.Name)
		if _, twice := e.members[name]; twice {
			return fmt.Errorf("the element %s has the attribute %s twice", e.name, name[1:])
		}
		if e.members == nil {
			e.members = make(map[string]any, len(t.Attr))
		}
		e.members[name] = a.Value
	}
	r.open = append(r.open, e)
	return nil
}

func (r *xmlReader) finish(name string) error {
	last := len(r.open) - 1
	if last < 0 || r.open[last].name != name {
		return fmt.Errorf("the tag </%s> closes nothing", name)
	}
	e := r.open[last]
	r.open = r.open[:last]
	if last == 0 {
		r.doc = map[string]any{name: e.value()}
		return nil
	}
	r.open[last-1].add(name, e.value())
	return nil
}

// add puts an element into e, which becomes a list when it is not the first of
// its name.
func (e *xmlElement) add(name string, v any) {
	e.elements = true
	if e.members == nil {
		e.members = map[string]any{}
	}
	switch before, ok := e.members[name]; items := before.(type) {
	case []any:
		e.members[name] = append(items, v)
	default:
		if ok {
			v = []any{before, v}
		}
		e.members[name] = v
	}
}

// value is what an element is in a document. White space alone is nothing.
func (e *xmlElement) value() any {
	text := string(e.text)
	trimmed := strings.TrimSpace(text)
	switch {
	case len(e.members) == 0 && trimmed == "":
		return nil
	case len(e.members) == 0:
		return text
	case trimmed != "" && e.elements:
		e.members[textMember] = trimmed
	case trimmed != "":
		e.members[textMember] = text
	}
	return e.members
}

// rawName is a name as it was written: the decoder's raw tokens have the prefix
// where others have the namespace.
func rawName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}
