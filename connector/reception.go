package connector

// Reception is how the requests to a webhook are received.
type Reception struct {
	// HTTPMethods are those that its senders use; none: the method's HttpMethod, or
	// any. HEAD and OPTIONS, by which senders look at an address, are answered anyway.
	HTTPMethods []string   `json:"HttpMethods,omitempty"`
	Signature   *Signature `json:",omitempty"` // nil: requests are not signed

	// Where the id of an event is, which is the same when it is sent again.
	EventHeader string `json:",omitempty"`
	EventField  string `json:",omitempty"` // location in the body
}

// SignatureType is how requests show that they come from who they should.
type SignatureType string

// The ways to sign.
const (
	SignHMAC     SignatureType = "Hmac"             // the header has an HMAC of the request
	SignStandard SignatureType = "StandardWebhooks" // as standardwebhooks.com says
	SignToken    SignatureType = "Token"            // the header, or the query, has the secret itself
)

// SignatureAlgorithm is what an HMAC is made with.
type SignatureAlgorithm string

// The algorithms of HMACs.
const (
	HMACSHA256 SignatureAlgorithm = "HMAC-SHA256" // the default
	HMACSHA1   SignatureAlgorithm = "HMAC-SHA1"
	HMACSHA512 SignatureAlgorithm = "HMAC-SHA512"
)

// SignatureEncoding is how the bytes of an HMAC are written.
type SignatureEncoding string

// The encodings of HMACs.
const (
	HexSignature    SignatureEncoding = "Hex" // the default
	Base64Signature SignatureEncoding = "Base64"
)

// Signature is how a webhook's requests are signed. One whose signature is wrong,
// or too old, is refused.
type Signature struct {
	Type SignatureType
	// Secret has merge fields: properties of the connector, the Cyclr_Auth_ fields,
	// ClientSecret, and Cyclr_Webhook_Secret, which the create-method answered with.
	Secret string
	// Optional: without a secret, requests are taken as they come.
	Optional bool `json:",omitempty"`

	Header    string             `json:",omitempty"` // that has the signature or the token
	Query     string             `json:",omitempty"` // Token: parameter of the query that has it, in place of Header
	Algorithm SignatureAlgorithm `json:",omitempty"`
	Encoding  SignatureEncoding  `json:",omitempty"`
	Separator string             `json:",omitempty"` // between the parts of the header; "": it has one
	Prefix    string             `json:",omitempty"` // before the signature or the token, in its part of the header

	// Content is what is signed: text with {{Body}}, {{Url}}, {{Method}} and
	// {{Timestamp}}; "": the body.
	Content string `json:",omitempty"`

	// Where the time of sending is, in seconds or milliseconds since 1970, if there
	// is one: a header, or a part of Header.
	TimestampHeader string `json:",omitempty"`
	TimestampPrefix string `json:",omitempty"`
	Tolerance       int    `json:",omitempty"` // seconds that it may be off; default 300
}

// SignatureTolerance is how many seconds the time of a request may be off, where a
// definition says nothing.
const SignatureTolerance = 300

// What a signature's Content can name.
const (
	SignedBody      = "Body"
	SignedURL       = "Url" // as the sender was given it, with the query
	SignedMethod    = "Method"
	SignedTimestamp = "Timestamp" // as it was sent
)

// WebhookSecretField is the merge field, and SystemField, of the secret with which
// the third party says that it signs.
const WebhookSecretField = "Cyclr_Webhook_Secret"

// Receives are the HTTP methods by which a webhook is called; nil: any.
func (m *Method) Receives() []string {
	switch {
	case m.Reception != nil && len(m.Reception.HTTPMethods) > 0:
		return m.Reception.HTTPMethods
	case m.HTTPMethod != "":
		return []string{m.HTTPMethod}
	}
	return nil
}
