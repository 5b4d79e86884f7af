package catalog

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/connector/openapi"
	"github.com/tandem-ipaas/tandem/internal/egress"
)

var _ tandem.ConnectorImports = (*Imports)(nil)

// maxImports is how many documents are read at once: one takes as much as a second
// and a hundred MB.
const maxImports = 2

// Imports makes partners' own connectors of OpenAPI documents. It is safe for
// concurrent use.
type Imports struct {
	log    *slog.Logger
	custom *Custom
	web    *http.Client
	turns  chan struct{}
	queue  queue
}

// NewImports makes the service; web fetches documents, and must be guarded.
func NewImports(log *slog.Logger, custom *Custom, web *http.Client) *Imports {
	return &Imports{log: log, custom: custom, web: web, turns: make(chan struct{}, maxImports)}
}

// Import implements tandem.ConnectorImports.
func (s *Imports) Import(ctx context.Context, p tandem.PartnerID, in tandem.ConnectorImport) (*tandem.ImportedConnector, error) {
	made, report, err := s.read(ctx, p, in, openapi.Options{Name: in.Name, Version: in.Version})
	if err != nil {
		return nil, err
	}
	all := made.Methods
	if err := choose(made, in.Methods); err != nil {
		return nil, err
	}
	if in.DryRun {
		return &tandem.ImportedConnector{Report: report, Methods: all}, nil
	}
	document, err := imported(made, nil)
	if err != nil {
		return nil, err
	}
	c, err := s.custom.Create(ctx, p, document)
	if err != nil {
		return nil, fmt.Errorf("import a connector: %w", err)
	}
	return &tandem.ImportedConnector{Connector: c, Report: report, Methods: all}, nil
}

// choose leaves the methods that are wanted in c.
//
// Errors: Invalid (one that c does not have).
func choose(c *connector.Connector, wanted []string) error {
	if wanted == nil {
		return nil
	}
	var left []connector.Method
	for _, m := range c.Methods {
		if slices.Contains(wanted, m.Name) {
			left = append(left, m)
		}
	}
	for _, name := range wanted {
		if !slices.ContainsFunc(left, func(m connector.Method) bool { return m.Name == name }) {
			return tandem.Invalidf("Methods", "Methods: the document has no method %q.", name)
		}
	}
	if len(left) == 0 {
		return tandem.Invalidf("Methods", "Methods: at least one is needed.")
	}
	c.Methods = left
	return nil
}

// Update implements tandem.ConnectorImports.
func (s *Imports) Update(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID, in tandem.ConnectorImport) (*tandem.ImportedConnector, error) {
	before, err := s.custom.Get(ctx, p, id)
	if err != nil {
		return nil, err
	}
	made, report, err := s.read(ctx, p, in, openapi.Options{
		Name: cmp.Or(in.Name, before.Name), Version: cmp.Or(in.Version, before.Version), UniqueIdentifier: before.UniqueIdentifier,
	})
	if err != nil {
		return nil, err
	}
	all := made.Methods
	if err := choose(made, in.Methods); err != nil {
		return nil, err
	}
	was, err := s.custom.library.read(before)
	if err != nil {
		return nil, err
	}
	renew(was.Connector, made, &report)
	if in.DryRun {
		return &tandem.ImportedConnector{Report: report, Methods: all}, nil
	}
	document, err := imported(made, unusable(before, was, made))
	if err != nil {
		return nil, err
	}
	c, err := s.custom.Update(ctx, p, id, before.Revision, document)
	if err != nil {
		return nil, fmt.Errorf("import connector %d again: %w", id, err)
	}
	return &tandem.ImportedConnector{Connector: c, Report: report, Methods: all}, nil
}

// read makes a connector of a document: of each partner's one at a time, and of all
// together one or two. A document is fetched before it is one of those, so that a
// server that does not answer holds up nobody else.
//
// Errors: Invalid.
func (s *Imports) read(ctx context.Context, p tandem.PartnerID, in tandem.ConnectorImport, o openapi.Options) (*connector.Connector, connector.ImportReport, error) {
	if (in.URL == "") == (len(in.Document) == 0) {
		return nil, connector.ImportReport{}, tandem.Invalidf("Document", "Either Document or Url is required.")
	}
	leave, err := s.queue.enter(ctx, p)
	if err != nil {
		return nil, connector.ImportReport{}, err
	}
	defer leave()
	data, field := in.Document, "Document"
	if in.URL != "" {
		field = "Url"
		if data, o.URL, err = s.fetch(ctx, in.URL); err != nil {
			return nil, connector.ImportReport{}, err
		}
	}
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-ctx.Done():
		return nil, connector.ImportReport{}, ctx.Err()
	}
	c, report, err := openapi.Import(data, o)
	if err != nil {
		return nil, report, &tandem.Error{Code: tandem.Invalid, Field: field, Message: "The document cannot be imported: " + err.Error() + ".", Err: err}
	}
	s.log.InfoContext(ctx, "document read", "format", report.Format, "methods", report.Methods, "notes", len(report.Notes), "bytes", len(data))
	return c, report, nil
}

// fetch gets a document, and where it was in the end.
//
// Errors: Invalid.
func (s *Imports) fetch(ctx context.Context, from string) (data []byte, at string, err error) {
	wrong := func(why string, err error) error {
		return &tandem.Error{Code: tandem.Invalid, Field: "Url", Message: "The document could not be fetched: " + why + ".", Err: err}
	}
	u, err := url.Parse(from)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, "", wrong("the address is not one of http or https", nil)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, "", wrong("the address is not one of http or https", nil)
	}
	req.Header.Set("Accept", "application/json, application/yaml, text/yaml, */*;q=0.5")
	resp, err := s.web.Do(req)
	if err == nil {
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return nil, "", wrong(fmt.Sprintf("the answer has the status %d", resp.StatusCode), nil)
		}
		data, err = io.ReadAll(io.LimitReader(resp.Body, openapi.MaxBytes+1))
	}
	if err != nil {
		return nil, "", wrong(unfetched(err), err)
	}
	end := *resp.Request.URL
	end.User = nil
	return data, end.String(), nil
}

// unfetched says why there was no answer, as far as that is for a partner to know.
func unfetched(err error) string {
	switch kind := egress.KindOf(err); {
	case kind == egress.Refused:
		return "the address is not one that may be called"
	case kind == egress.TooLarge:
		return fmt.Sprintf("it is larger than %d MB", openapi.MaxBytes>>20)
	case kind == egress.Redirects:
		return "there are too many redirects"
	case kind == egress.Timeout || errors.Is(err, context.DeadlineExceeded):
		return "there was no answer in time"
	}
	return "there was no answer"
}

// imported is a connector as a partner would write it, with null for what it has
// none of, and with further methods as they are. What an import does not make is
// not in it.
func imported(c *connector.Connector, further []any) (map[string]json.RawMessage, error) {
	document := map[string]json.RawMessage{}
	methods := make([]any, 0, len(c.Methods)+len(further))
	for i := range c.Methods {
		methods = append(methods, &c.Methods[i])
	}
	for name, value := range map[string]any{
		"Name": c.Name, "Version": c.Version, "UniqueIdentifier": c.UniqueIdentifier, "Description": c.Description,
		"Authentication": c.Authentication, "Parameters": c.Parameters, "MethodCategories": c.MethodCategories, "Methods": append(methods, further...),
	} {
		data, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("write connector %s: %w", c.Name, err)
		}
		document[name] = data
	}
	return document, nil
}

// unusable are the methods of a connector that cannot be used, and so are in its
// document only, and not made anew.
func unusable(c *tandem.CustomConnector, was *connector.Custom, made *connector.Connector) (all []any) {
	var written []json.RawMessage
	if json.Unmarshal(c.Document["Methods"], &written) != nil {
		return nil
	}
	anew := map[string]bool{}
	for _, m := range made.Methods {
		anew[m.MethodUniqueIdentifier] = true
	}
	for _, raw := range written {
		var m struct{ MethodUniqueIdentifier string }
		if json.Unmarshal(raw, &m) != nil {
			continue
		}
		guid := strings.ToLower(m.MethodUniqueIdentifier)
		if _, refused := was.Refused[guid]; refused && !anew[guid] {
			all = append(all, raw)
		}
	}
	return all
}

// renew puts what was done to a connector by hand into what is made of its
// document: what a document says nothing of, and parts that it does not have.
func renew(was, made *connector.Connector, report *connector.ImportReport) {
	kept := func(what, name string) {
		report.Notes = append(report.Notes, connector.ImportNote{Message: fmt.Sprintf("%s %q is not in the document, and stays as it is", what, name), Times: 1})
	}
	made.Description = cmp.Or(was.Description, made.Description)
	made.Authentication = slices.DeleteFunc(made.Authentication, func(a connector.Authentication) bool { return a.AuthType == connector.AuthNone })
	made.Authentication = merged(made.Authentication, was.Authentication, authenticationKey, func(a *connector.Authentication, by connector.Authentication) { *a = by },
		func(a connector.Authentication) { kept("the authentication", authenticationKey(a)) })
	made.Parameters = merged(made.Parameters, was.Parameters, func(p connector.Parameter) string { return p.Name }, func(*connector.Parameter, connector.Parameter) {},
		func(p connector.Parameter) { kept("the parameter", p.Name) })
	made.MethodCategories = merged(made.MethodCategories, was.MethodCategories, func(c connector.MethodCategory) string { return c.Name }, func(c *connector.MethodCategory, by connector.MethodCategory) {
		c.ObjectTrigger = by.ObjectTrigger
	}, func(connector.MethodCategory) {})
	made.Methods = merged(made.Methods, was.Methods, func(m connector.Method) string { return m.MethodUniqueIdentifier }, handmade,
		func(m connector.Method) { kept("the method", m.Name) })
}

func authenticationKey(a connector.Authentication) string {
	return strings.TrimSpace(string(a.AuthType) + " " + a.Name)
}

// handmade keeps of a method what no document says.
func handmade(m *connector.Method, was connector.Method) {
	m.Hide, m.Script, m.RateLimit, m.PagingOut = was.Hide, was.Script, was.RateLimit, was.PagingOut
	m.RequestFieldSource, m.ResponseFieldSource = was.RequestFieldSource, was.ResponseFieldSource
	m.CreateWebhookMethod, m.DeleteWebhookMethod = was.CreateWebhookMethod, was.DeleteWebhookMethod
	m.Subcategory = was.Subcategory
}

// merged is made with what was there under the same key put in by keep, and what
// was there under another key after it.
func merged[T any](made, was []T, key func(T) string, keep func(*T, T), alone func(T)) []T {
	there := map[string]int{}
	for i := range made {
		there[key(made[i])] = i
	}
	for _, old := range was {
		if i, ok := there[key(old)]; ok {
			keep(&made[i], old)
			continue
		}
		alone(old)
		made = append(made, old)
	}
	return made
}
