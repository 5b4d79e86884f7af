package body

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// The namespaces of the two versions of SOAP.
const (
	soap11 = "http://schemas.xmlsoap.org/soap/envelope/"
	soap12 = "http://www.w3.org/2003/05/soap-envelope"
)

// Fault is an error that a SOAP service answered with.
type Fault struct {
	Code     string
	Reason   string // for people
	Document any    // the whole fault
}

func (f *Fault) Error() string {
	return fmt.Sprintf("the service answered with the fault %s: %s", f.Code, f.Reason)
}

// encodeSOAP puts a document into an envelope, and its member #header into the
// envelope's header.
func (f *Format) encodeSOAP(doc any) (Body, error) {
	header, doc := cutHeader(doc)
	names, err := rootNames(f.XMLRoot)
	if err != nil {
		return Body{}, err
	}
	if strings.ContainsFunc(f.SOAPAction, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }) {
		return Body{}, fmt.Errorf("SOAP: the action %q has a character that a header cannot have", f.SOAPAction)
	}
	namespace, contentType := soap11, "text/xml; charset=utf-8"
	headers := http.Header{"Soapaction": {`"` + f.SOAPAction + `"`}}
	if f.SOAP == "1.2" {
		namespace, contentType, headers = soap12, "application/soap+xml; charset=utf-8", nil
		if f.SOAPAction != "" {
			contentType += `; action="` + f.SOAPAction + `"`
		}
	}
	w := xmlWriter{order: newOrder(f.Order)}
	w.WriteString(xmlDeclaration + `<soap:Envelope xmlns:soap="` + namespace + `">`)
	if header != nil {
		err = w.element("soap:Header", header, w.order.under(headerMember))
	}
	if len(names) == 0 {
		err = errors.Join(err, w.element("soap:Body", doc, w.order))
	} else {
		err = errors.Join(err, w.nested(append([]string{"soap:Body"}, names...), doc))
	}
	if err != nil {
		return Body{}, fmt.Errorf("SOAP: %w", err)
	}
	w.WriteString("</soap:Envelope>")
	body := whole(contentType, w.Bytes())
	body.Header = headers
	return body, nil
}

func cutHeader(doc any) (header, rest any) {
	members, _ := doc.(map[string]any)
	if header = members[headerMember]; header == nil {
		return nil, doc
	}
	inner := maps.Clone(members)
	delete(inner, headerMember)
	return header, inner
}

// openEnvelope gives what is in an envelope: the one element within its body,
// else the body. A header is put beside what that has, as #header.
func openEnvelope(doc any) (any, error) {
	envelope, ok := local(doc, "Envelope").(map[string]any)
	if !ok {
		return nil, errors.New("the body is not a SOAP envelope")
	}
	body := local(envelope, "Body")
	if fault := local(body, "Fault"); fault != nil {
		return nil, newFault(fault)
	}
	doc = onlyElement(body)
	if header := local(envelope, "Header"); header != nil {
		if members, ok := doc.(map[string]any); ok {
			members[headerMember] = header
		}
	}
	return doc, nil
}

// onlyElement is the element in v, if it is one, else v.
func onlyElement(v any) any {
	members, _ := v.(map[string]any)
	only, elements := v, 0
	for name, member := range members {
		if !strings.HasPrefix(name, attributeMark) && name != textMember {
			only, elements = member, elements+1
		}
	}
	if elements == 1 {
		return only
	}
	return v
}

// local is the member of v with a name, whatever its prefix.
func local(v any, name string) any {
	members, _ := v.(map[string]any)
	for _, n := range slices.Sorted(maps.Keys(members)) {
		if prefix, after, found := strings.Cut(n, ":"); n == name || found && after == name && !strings.HasPrefix(prefix, attributeMark) {
			return members[n]
		}
	}
	return nil
}

func newFault(fault any) *Fault {
	f := &Fault{Document: fault}
	f.Code = elementText(local(fault, "faultcode")) + elementText(local(local(fault, "Code"), "Value"))
	f.Reason = elementText(local(fault, "faultstring")) + elementText(local(local(fault, "Reason"), "Text"))
	return f
}

// elementText is the text of an element, or of the first of several.
func elementText(v any) string {
	if items, ok := v.([]any); ok {
		v = items[0]
	}
	if members, ok := v.(map[string]any); ok {
		v = members[textMember]
	}
	s, _ := v.(string)
	return s
}
