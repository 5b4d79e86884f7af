package openapi

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
)

// Report says what an import took, and what it could not carry over.
type Report = connector.ImportReport

// Note is one thing that could not be carried over as it is.
type Note = connector.ImportNote

// notes collects a report's. What is said of many places is told once, with the
// number of them, if it is said by tally.
type notes struct {
	seen    map[Note]bool
	all     []Note
	tallies map[string]*Note
}

func newNotes() *notes { return &notes{seen: map[Note]bool{}, tallies: map[string]*Note{}} }

// add notes what is worth a line of its own, once.
func (n *notes) add(at place, message string) {
	note := Note{Pointer: string(at), Message: message, Times: 1}
	if !n.seen[note] {
		n.seen[note] = true
		n.all = append(n.all, note)
	}
}

// tally notes what is small, and the same in many places.
func (n *notes) tally(at place, message string) {
	note := n.tallies[message]
	if note == nil {
		note = &Note{Pointer: string(at), Message: message}
		n.tallies[message] = note
	}
	note.Times++
	note.Pointer = min(note.Pointer, string(at))
}

// list gives all, with pointers as they are in the document.
func (n *notes) list(version2 bool) []Note {
	all := slices.Clone(n.all)
	for _, note := range n.tallies {
		all = append(all, *note)
	}
	if version2 {
		for i := range all {
			all[i].Pointer = inVersion2.Replace(all[i].Pointer)
		}
	}
	slices.SortFunc(all, func(a, b Note) int {
		return cmp.Or(strings.Compare(a.Pointer, b.Pointer), strings.Compare(a.Message, b.Message))
	})
	return all
}

// inVersion2 turns the pointers of version 3 into those of version 2, from which
// it was made.
var inVersion2 = strings.NewReplacer(
	"/components/schemas/", "/definitions/", "/components/parameters/", "/parameters/", "/components/responses/", "/responses/",
	"/components/securitySchemes/", "/securityDefinitions/", "/components/requestBodies/", "/parameters/",
)

// place is a JSON pointer.
type place string

// at is the place of a member, or of one within that.
func (p place) at(names ...string) place {
	for _, name := range names {
		p += place("/" + escapePointer.Replace(name))
	}
	return p
}

// referred is the place that a $ref is for, or else p.
func (p place) referred(ref string) place {
	if pointer, local := strings.CutPrefix(ref, "#"); local && pointer != "" {
		return place(pointer)
	}
	return p
}

var (
	escapePointer   = strings.NewReplacer("~", "~0", "/", "~1")
	unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")
)
