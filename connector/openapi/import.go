package openapi

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tandem-ipaas/tandem/connector"
)

// Options are what a document does not say. The zero value is the default of each.
type Options struct {
	// URL is where the document is from: addresses in it may be relative to that.
	URL string
	// Name, Version and UniqueIdentifier are the connector's: those that it has
	// already, when it is imported again. Default: the document's title and
	// version, and a GUID made of the name.
	Name             string
	Version          string
	UniqueIdentifier string // GUID
}

// namespace is that of the GUIDs of names.
const namespace = "b0d7c2b4-3c5f-4f0a-9f0e-6a3d0b8e2f51"

// Import makes a connector of an OpenAPI document, JSON or YAML, of version 2.0,
// 3.0 or 3.1. It passes connector.Validate. The same document and options give the
// same connector.
//
// Errors: the document cannot be read, is larger than is read, or has nothing that
// could be called.
func Import(data []byte, o Options) (*connector.Connector, Report, error) {
	n := newNotes()
	doc, format, err := load(data, n)
	if err != nil {
		return nil, Report{}, err
	}
	im := importer{doc: doc, options: o, notes: n, connector: &connector.Connector{}, report: Report{Format: format}, two: strings.HasPrefix(format, "2"),
		own: map[string]bool{}, methods: map[string]bool{}, ids: map[string]bool{}, bases: map[string]string{}, shapes: map[*openapi3.Schema]*shape{}, left: maxFields}
	if o.URL != "" {
		if im.url, err = url.Parse(o.URL); err != nil || im.url.Host == "" {
			return nil, Report{}, fmt.Errorf("the document's own URL %q cannot be read", short(o.URL))
		}
	}
	if err := im.run(); err != nil {
		return nil, Report{}, err
	}
	im.count()
	return im.connector, im.report, nil
}

// importer makes one connector.
type importer struct {
	doc       *openapi3.T
	options   Options
	url       *url.URL // of the document; nil if it is not known
	notes     *notes
	connector *connector.Connector
	report    Report

	two     bool                        // the document is of version 2
	base    string                      // what endpoints begin with
	bases   map[string]string           // by server
	own     map[string]bool             // names of the connector's parameters
	methods map[string]bool             // their names
	ids     map[string]bool             // operationIds that are taken
	shapes  map[*openapi3.Schema]*shape // that were made
	left    int                         // fields that may still be made
}

func (im *importer) run() error {
	im.identify()
	im.base = im.servers()
	im.authentications()
	im.operations()
	im.webhooks()
	im.categories()
	if len(im.connector.Methods) == 0 {
		return errors.New("the document has no operation that could be called")
	}
	return im.settle()
}

// identify says what the connector is called.
func (im *importer) identify() {
	c, info := im.connector, im.doc.Info
	if info == nil {
		info = &openapi3.Info{}
	}
	c.Name = cmp.Or(line(im.options.Name), line(info.Title), "Imported API")
	c.Version = cmp.Or(line(im.options.Version), line(info.Version), "1.0")
	c.Description = im.prose(cmp.Or(info.Description, info.Summary), "/info/description", maxDescription)
	if c.UniqueIdentifier = strings.ToLower(im.options.UniqueIdentifier); c.UniqueIdentifier == "" {
		c.UniqueIdentifier = connector.NameGUID(namespace, c.Name)
	}
}

// categories describes those that methods are in.
func (im *importer) categories() {
	about := map[string]string{}
	for i, tag := range im.doc.Tags {
		if tag != nil && about[line(tag.Name)] == "" {
			about[line(tag.Name)] = im.prose(tag.Description, place("/tags").at(fmt.Sprint(i), "description"), maxHint)
		}
	}
	seen := map[string]bool{}
	for _, m := range im.connector.Methods {
		if m.Category != "" && !seen[m.Category] {
			seen[m.Category] = true
			im.connector.MethodCategories = append(im.connector.MethodCategories, connector.MethodCategory{Name: m.Category, Description: about[m.Category]})
		}
	}
	slices.SortFunc(im.connector.MethodCategories, func(a, b connector.MethodCategory) int { return strings.Compare(a.Name, b.Name) })
}

// settle leaves out the methods that are not valid, of which there should be none.
//
// Errors: what is wrong with the rest.
func (im *importer) settle() error {
	err := connector.Validate(im.connector)
	var wrong connector.Errors
	if !errors.As(err, &wrong) {
		return err
	}
	out := map[int]bool{}
	for _, e := range wrong {
		var i int
		if _, err := fmt.Sscanf(e.Field, "Methods[%d]", &i); err == nil && !out[i] {
			out[i] = true
			im.notes.add("/paths", fmt.Sprintf("method %q is left out: %v", im.connector.Methods[i].Name, e))
		}
	}
	kept := im.connector.Methods[:0]
	for i, m := range im.connector.Methods {
		if !out[i] {
			kept = append(kept, m)
		}
	}
	im.connector.Methods = kept
	if err := connector.Validate(im.connector); err != nil {
		return fmt.Errorf("no connector can be made of the document: %w", err)
	}
	return nil
}

// count fills the report.
func (im *importer) count() {
	r, c := &im.report, im.connector
	r.Methods, r.Parameters, r.Authentications, r.Categories = len(c.Methods), len(c.Parameters), len(c.Authentication), len(c.MethodCategories)
	for i := range c.Methods {
		m := &c.Methods[i]
		r.Parameters += len(m.Parameters)
		r.RequestFields += len(m.RequestFields)
		r.ResponseFields += len(m.ResponseFields)
		if m.MethodType == connector.Webhook {
			r.Webhooks++
		}
	}
	r.Notes = im.notes.list(im.two)
}
