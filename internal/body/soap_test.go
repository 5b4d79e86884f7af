package body_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
)

func TestSOAP(t *testing.T) {
	f := body.Format{Type: connector.XMLBody, SOAP: "1.1", SOAPAction: "urn:shop/GetPrice", XMLRoot: "GetPrice"}
	doc := object{"#header": object{"Key": "k"}, "Item": "Apples"}
	b, text := encode(t, f, doc, nil)
	same(t, declaration+`<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header><Key>k</Key></soap:Header>`+
		`<soap:Body><GetPrice><Item>Apples</Item></GetPrice></soap:Body></soap:Envelope>`, text)
	same(t, "text/xml; charset=utf-8", b.ContentType)
	same(t, `"urn:shop/GetPrice"`, b.Header.Get("SOAPAction"))
	same(t, doc, decode(t, f, b.ContentType, text, nil))

	f.SOAP = "1.2"
	b, text = encode(t, f, nil, nil)
	same(t, declaration+`<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body><GetPrice></GetPrice></soap:Body></soap:Envelope>`, text)
	same(t, `application/soap+xml; charset=utf-8; action="urn:shop/GetPrice"`, b.ContentType)
	same(t, 0, len(b.Header))

	f.XMLRoot = ""
	_, text = encode(t, f, object{"a": "1", "b": "2"}, nil)
	if !strings.Contains(text, `<soap:Body><a>1</a><b>2</b></soap:Body>`) {
		t.Error(text)
	}
	for _, action := range []string{"a\"", "a\r\nX: y"} {
		f.SOAPAction = action
		if _, err := f.Encode(t.Context(), nil, nil); err == nil || !strings.Contains(err.Error(), "action") {
			t.Errorf("%q: %v", action, err)
		}
	}
}

func TestSOAPRead(t *testing.T) {
	f := body.Format{Type: connector.XMLBody, SOAP: "1.1", Lists: locations(t, "[Price]")}
	envelope := func(inner string) string {
		return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">` + inner + `</S:Envelope>`
	}
	tests := map[string]string{
		`<S:Header/><S:Body><p:R xmlns:p="u"><Price>1</Price></p:R></S:Body>`:  `{"@xmlns:p":"u","Price":["1"]}`,
		`<S:Header><H>h</H></S:Header><S:Body id="x"><R><a>1</a></R></S:Body>`: `{"a":"1","#header":{"H":"h"}}`,
		`<S:Body><R>text</R></S:Body>`:                                         `"text"`,
		`<S:Body><a>1</a><b>2</b></S:Body>`:                                    `{"a":"1","b":"2"}`,
		`<S:Body/>`:                                                            `null`,
	}
	for in, want := range tests {
		same(t, parse(t, want), decode(t, f, "", envelope(in), nil))
	}
	for _, in := range []string{`<html/>`, `<Envelope>text</Envelope>`, `<a><Envelope/></a>`} {
		refuse(t, f, "", in, "not a SOAP envelope")
	}
}

func TestSOAPFault(t *testing.T) {
	tests := map[string]struct{ in, code, reason string }{
		"1.1":            {`<faultcode>s:Client</faultcode><faultstring>No such item</faultstring>`, "s:Client", "No such item"},
		"1.2":            {`<s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang="en">No such item</s:Text></s:Reason>`, "s:Sender", "No such item"},
		"two languages":  {`<s:Code><s:Value>c</s:Value></s:Code><s:Reason><s:Text>first</s:Text><s:Text>second</s:Text></s:Reason>`, "c", "first"},
		"without a word": {`<x/>`, "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := body.Format{Type: connector.XMLBody, SOAP: "1.1"}
			_, err := f.Decode(t.Context(), source("", `<s:Envelope><s:Body><s:Fault>`+tt.in+`</s:Fault></s:Body></s:Envelope>`), nil)
			var fault *body.Fault
			if !errors.As(err, &fault) || fault.Code != tt.code || fault.Reason != tt.reason || fault.Document == nil {
				t.Fatalf("%v", err)
			}
			if !strings.Contains(err.Error(), tt.reason) {
				t.Error(err)
			}
		})
	}
}
