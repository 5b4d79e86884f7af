package openapi

import (
	"cmp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tandem-ipaas/tandem/connector"
)

// XML is a document as Tandem reads and writes it: an attribute is a member with @
// before its name, an element that is repeated is a list, and what is read has its
// root element as its one member.

// member is what a property is called in a document.
func (f *flattener) member(name string, s *shape) string {
	if !f.xml {
		return name
	}
	x := s.xml
	if s.kind == kindList && (x == nil || !x.Wrapped) {
		x = f.shape(s.items, s.itemsAt).xml
	}
	if x != nil {
		if x.Namespace != "" && x.Prefix == "" {
			f.notes.tally(s.at.at("xml", "namespace"), "namespaces of single elements are not written")
		}
		name = prefixed(x, cmp.Or(x.Name, name))
	}
	if s.xml != nil && s.xml.Attribute {
		name = "@" + name
	}
	return name
}

// items is where the items of a list are.
func (f *flattener) items(b *branch, items *shape) connector.Location {
	s := b.shape
	if !f.xml || !b.root && (s.xml == nil || !s.xml.Wrapped) {
		if f.xml && b.lists > 0 && b.from != nil && b.from.shape.kind == kindList {
			f.notes.add(s.at, "XML has no list within a list")
		}
		return b.location.Each()
	}
	name := cmp.Or(b.name, items.name, "item")
	if items.xml != nil {
		name = prefixed(items.xml, cmp.Or(items.xml.Name, name))
	}
	return b.location.Member(name).Each()
}

// xmlRoot is the name of a body's root element.
func (im *importer) xmlRoot(s *shape) string {
	name := s.name
	if s.xml != nil && s.xml.Name != "" {
		name = s.xml.Name
	}
	if name == "" {
		im.notes.add(s.at, "the XML's root element has no name: it is taken to be root")
		name = "root"
	}
	return prefixed(s.xml, mergeName(name))
}

func prefixed(x *openapi3.XML, name string) string {
	if x != nil && x.Prefix != "" && !strings.Contains(name, ":") {
		return mergeName(x.Prefix) + ":" + name
	}
	return name
}

// xmlRequest describes a body of XML that is sent.
func (b *methodBuilder) xmlRequest(root *branch) {
	b.method.RequestXMLRoot = b.xmlRoot(root.shape)
	if x := root.shape.xml; x != nil && x.Namespace != "" && usable(x.Namespace) {
		name := "@xmlns"
		if x.Prefix != "" {
			name += ":" + mergeName(x.Prefix)
		}
		b.method.RequestFields = append(b.method.RequestFields, connector.Field{
			ConnectorField: connector.Location{}.Member(name).String(), DataType: connector.Text, Hidden: true, Default: x.Namespace,
		})
	}
	f := flattener{importer: b.importer, request: true, xml: true}
	for _, field := range f.flatten(root) {
		if !strings.HasPrefix(field.ConnectorField, "@xmlns") {
			b.method.RequestFields = append(b.method.RequestFields, field)
		}
	}
}
