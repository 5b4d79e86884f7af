package invoke

import (
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
)

// format is what a definition says of one of a method's bodies.
type format struct {
	body.Format
	json  bool // which is read and written here, for speed
	none  bool // there is no document
	files bool // it may have files, and is streamed
}

func newFormat(t connector.BodyType) format {
	f := format{Format: body.Format{Type: t}, json: t == connector.JSONBody, none: t == connector.NoBody}
	switch t {
	case connector.SimpleFileBody, connector.FileBody, connector.MultipartRelated, connector.UnknownBody:
		f.files = true
	case connector.NoBody, connector.JSONBody, connector.XMLBody, connector.FormBody, connector.PlainTextBody:
	}
	return f
}

// requestFormat leaves errors in locations to where fields are compiled.
func requestFormat(m *connector.Method) format {
	f := newFormat(m.RequestDataType)
	f.none = f.none || m.RequestDataType == connector.UnknownBody
	f.XMLRoot, f.SOAP, f.SOAPAction = m.RequestXMLRoot, m.SOAPVersion, m.SOAPAction
	f.place(m.RequestFields)
	return f
}

// Received is the format of what a webhook receives.
func Received(m *connector.Method) body.Format { return responseFormat(m).Format }

func responseFormat(m *connector.Method) format {
	f := newFormat(m.ResponseDataType)
	f.SOAP = m.SOAPVersion
	f.place(m.ResponseFields)
	return f
}

// place finds what in the document a body of this type has a place of its own
// for: files, lists, the one text.
func (f *format) place(fields []connector.Field) {
	for i := range fields {
		at, err := connector.ParseLocation(fields[i].ConnectorField)
		if err != nil {
			continue
		}
		f.Order = append(f.Order, at)
		if at.Lists() > 0 {
			f.Lists = append(f.Lists, at)
		}
		if fields[i].DataType == connector.File {
			f.Files = append(f.Files, at)
		}
	}
	if f.Type == connector.PlainTextBody && len(f.Order) > 0 {
		f.Text = f.Order[0]
	}
	if f.Type == connector.SimpleFileBody && len(f.Files) == 0 && len(f.Order) > 0 {
		f.Files = f.Order[:1]
	}
}

// bare says that the whole document is the body's one value, so that an object
// without members is none.
func (f *format) bare() bool {
	return f.Type == connector.PlainTextBody && len(f.Order) == 0 || f.Type == connector.SimpleFileBody && len(f.Files) == 0
}
