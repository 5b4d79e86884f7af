package body

import (
	"mime"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
)

// typeOf is the type of a body that the definition does not know, by its
// Content-Type; a file when that says nothing.
func typeOf(contentType string) connector.BodyType {
	t, _, _ := mime.ParseMediaType(contentType)
	switch {
	case t == "application/json", t == "text/json", strings.HasSuffix(t, "+json"):
		return connector.JSONBody
	case t == "application/xml", t == "text/xml", strings.HasSuffix(t, "+xml") && t != "image/svg+xml":
		return connector.XMLBody
	case t == "application/x-www-form-urlencoded":
		return connector.FormBody
	case t == "multipart/form-data":
		return connector.FileBody
	case t == "multipart/related", t == "multipart/mixed":
		return connector.MultipartRelated
	case strings.HasPrefix(t, "text/"):
		return connector.PlainTextBody
	}
	return connector.SimpleFileBody
}
