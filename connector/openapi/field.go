package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tandem-ipaas/tandem/connector"
)

// How many fields there are at most.
const (
	maxBodyFields  = 200     // of one body
	maxFields      = 200_000 // of all
	fewFields      = 20      // of each body that comes after these
	maxFieldLevels = 6       // of objects and lists within each other
)

// flattener makes the fields of a body, level by level, so that where there are too
// many the deepest ones are left out.
type flattener struct {
	*importer
	request bool
	form    bool // lists are written as name[]
	xml     bool
	queue   []*branch
	found   []leaf
	taken   map[string]bool // locations
	full    bool
}

// branch is a value that may have others in it.
type branch struct {
	shape    *shape
	location connector.Location
	from     *branch
	order    []int  // its place among others
	name     string // of the property
	root     bool
	optional bool
	readOnly bool
	lists    int
}

// leaf is a field, and its place.
type leaf struct {
	field connector.Field
	order []int
}

// flatten gives the fields of a schema, at a location.
func (f *flattener) flatten(root *branch) []connector.Field {
	limit := min(maxBodyFields, max(f.left, fewFields))
	f.queue, f.taken = []*branch{root}, map[string]bool{}
	for len(f.queue) > 0 && !f.full {
		b := f.queue[0]
		f.queue = f.queue[1:]
		f.visit(b, limit)
	}
	if f.full {
		f.notes.add(root.shape.at, fmt.Sprintf("there are more than %d fields: the deepest are left out", limit))
	}
	slices.SortStableFunc(f.found, func(a, b leaf) int { return slices.Compare(a.order, b.order) })
	fields := make([]connector.Field, len(f.found))
	for i, l := range f.found {
		fields[i] = l.field
	}
	f.left -= len(fields)
	return fields
}

// visit takes what is in b, or else makes a field of it.
func (f *flattener) visit(b *branch, limit int) {
	s := b.shape
	within := f.deeper(b)
	switch {
	case !within:
	case s.kind == kindObject:
		f.object(b, limit)
	case s.kind == kindList:
		f.list(b)
	}
	switch {
	case within && !s.mixed, b.root && within:
	case b.root:
		f.notes.add(s.at, "nothing is said of what is in the body")
	case len(f.found) >= limit:
		f.full = true
	default:
		made := f.field(b)
		if f.taken[made.ConnectorField] { // two elements of XML with one name
			f.notes.add(s.at, "there is a field of that name already")
			return
		}
		f.taken[made.ConnectorField] = true
		f.found = append(f.found, leaf{made, b.order})
	}
}

// deeper says whether there are fields within b. A schema that is within itself is
// not gone into again.
func (f *flattener) deeper(b *branch) bool {
	if b.shape.kind != kindList && (b.shape.kind != kindObject || len(b.shape.names) == 0) {
		return false
	}
	level := 0
	for up := b.from; up != nil; up = up.from {
		if level++; up.shape == b.shape && up.shape.kind == kindObject {
			f.notes.add(b.shape.at, "the schema is within itself: one level of it is there")
			return false
		}
	}
	if level >= maxFieldLevels {
		f.notes.add(b.shape.at, fmt.Sprintf("what is more than %d levels deep is left out", maxFieldLevels))
		return false
	}
	return true
}

func (f *flattener) object(b *branch, limit int) {
	for i, name := range b.shape.names {
		if len(f.queue)+len(f.found) > 2*limit { // enough to fill it
			f.full = true
			return
		}
		p := b.shape.properties[name]
		s := f.shape(p.ref, p.at)
		if !f.request && s.writeOnly {
			continue
		}
		f.queue = append(f.queue, &branch{
			shape: s, location: b.location.Member(f.member(name, s)), from: b, order: append(slices.Clip(b.order), i), name: name,
			optional: b.optional || !p.required, readOnly: b.readOnly || f.request && s.readOnly, lists: b.lists,
		})
	}
}

func (f *flattener) list(b *branch) {
	items := f.shape(b.shape.items, b.shape.itemsAt)
	if f.form && f.request {
		f.notes.tally(b.shape.at, "a list in a form is written as name[], or name[0] of objects")
	}
	f.queue = append(f.queue, &branch{
		shape: items, location: f.items(b, items), from: b, order: append(slices.Clip(b.order), 0), readOnly: b.readOnly, lists: b.lists + 1,
	})
}

// field describes a value without others in it.
func (f *flattener) field(b *branch) connector.Field {
	s := b.shape
	made := connector.Field{ConnectorField: b.location.String(), DataType: s.dataType(), Optional: b.optional, ReadOnly: b.readOnly}
	if made.DataType == connector.Text && f.form && s.media != "" {
		made.DataType = connector.File
	}
	if title := line(s.title); strings.Contains(title, " ") { // others are names of types
		made.DisplayName = title
	}
	if s.mixed {
		made.DataType = connector.Undefined
	}
	made.Description = f.prose(s.description, s.at.at("description"), maxFieldHint)
	if s.deprecated {
		made.Description = sentence(made.Description, "Deprecated.")
	}
	if s.kind == kindText && s.format == "date" {
		made.DataTypeFormat = "yyyy-MM-dd"
	}
	made.Values = f.choices(s)
	if !f.request || made.ReadOnly {
		return made
	}
	switch fallback := f.fallback(s, made.Values, !b.optional); {
	case fallback == "":
	case b.optional || b.lists > 0: // it is the API's to fill in: sent, it could change what is there
		made.Description = sentence(made.Description, "Default: "+cut(fallback, maxName))
	default:
		made.Default = fallback
	}
	return made
}

// bodyRoot is the branch of a whole body.
func (im *importer) bodyRoot(ref *openapi3.SchemaRef, at place) *branch {
	return &branch{shape: im.shape(ref, at), root: true}
}
