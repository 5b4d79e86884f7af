package connector

import (
	"reflect"
	"strings"
)

// enums are the types that take only certain values. A member that may be left
// out also takes "".
var enums = map[reflect.Type][]string{
	reflect.TypeFor[AuthType](): {
		string(AuthNone), string(AuthAPIKey), string(AuthBasic), string(AuthFields), string(AuthOAuth1), string(AuthOAuth2),
		string(AuthJWT), string(AuthAWS), string(AuthMutualTLS),
	},
	reflect.TypeFor[OAuth2Type]():           {string(AuthorisationCode), string(ClientCredentials), string(PasswordCredentials)},
	reflect.TypeFor[ClientAuthentication](): {string(ClientInBody), string(ClientInHeader)},
	reflect.TypeFor[TargetType](): {
		string(HTTPHeader), string(MergeField), string(QueryString), string(FilterField), string(ResponseField), string(Script),
		string(Index), string(RequestField),
	},
	reflect.TypeFor[DataType](): {
		string(Undefined), string(Text), string(Integer), string(Float), string(Decimal),
		string(Boolean), string(DateTime), string(File),
	},
	reflect.TypeFor[BodyType](): {
		string(UnknownBody), string(JSONBody), string(XMLBody), string(FormBody), string(FileBody), string(PlainTextBody),
		string(SimpleFileBody), string(MultipartRelated),
	},
	reflect.TypeFor[SignatureType]():      {string(SignHMAC), string(SignStandard), string(SignToken)},
	reflect.TypeFor[SignatureAlgorithm](): {string(HMACSHA256), string(HMACSHA1), string(HMACSHA512)},
	reflect.TypeFor[SignatureEncoding]():  {string(HexSignature), string(Base64Signature)},
	reflect.TypeFor[MethodType]():         {string(Action), string(Webhook), string(ScriptMethod)},
}

// httpMethods are what a method can be called by.
var httpMethods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}

// member is a field of a struct as it is in documents.
type member struct {
	name     string
	index    int
	required bool
}

// members reads a struct's fields and their tags, leaving out those that are
// not in documents.
func members(t reflect.Type) []member {
	var out []member
	for f := range t.Fields() {
		inFile, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		inJSON, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if inFile == "-" {
			continue
		}
		name := f.Name
		if inJSON != "" {
			name = inJSON
		}
		if inFile != "" {
			name = inFile
		}
		out = append(out, member{name, f.Index[0], !strings.Contains(options, "omitempty")})
	}
	return out
}
