package connector

// AuthType is a way to authenticate.
type AuthType string

// The ways to authenticate, and what the AuthValue of each is. An object is JSON.
const (
	AuthNone      AuthType = "None"
	AuthAPIKey    AuthType = "ApiKey"     // the key
	AuthBasic     AuthType = "Basic"      // base64 of user:password
	AuthFields    AuthType = "AuthFields" // an object of the Fields, by name
	AuthOAuth1    AuthType = "OAuth1"     // an object of OAuthToken and OAuthTokenSecret; {}: asked for
	AuthOAuth2    AuthType = "OAuth2"     // an access token, or a Token as an object; {}: asked for
	AuthJWT       AuthType = "JwtBearer"  // an object of PrivateKey, and of the Fields
	AuthAWS       AuthType = "AwsSignatureV4"
	AuthMutualTLS AuthType = "MutualTls" // an object of Certificate and PrivateKey, PEM
)

// OAuth2Type is a grant of OAuth 2.0.
type OAuth2Type string

// The grants of OAuth 2.0. ClientId and ClientSecret are properties of the
// account connector, or else the partner's for all its accounts.
const (
	AuthorisationCode   OAuth2Type = "AuthorisationCode"
	ClientCredentials   OAuth2Type = "ClientCredentials"
	PasswordCredentials OAuth2Type = "PasswordCredentials" // Username and Password are in the AuthValue
)

// ClientAuthentication is where a client's id and secret go in a request for
// tokens.
type ClientAuthentication string

// The places of a client's id and secret.
const (
	ClientInBody   ClientAuthentication = "Body" // the default
	ClientInHeader ClientAuthentication = "Header"
)

// Authentication is one of the ways in that a connector offers. Its texts may
// have merge fields: parameters of the connector, and members of the AuthValue.
type Authentication struct {
	ID       int64  `json:"Id,omitempty" yaml:"-"`
	Name     string `json:",omitempty"`
	AuthType AuthType

	// Where a key or a token goes.
	AuthScheme string     `json:",omitempty"` // before it, such as Bearer, which is the default of tokens
	TargetType TargetType `json:",omitempty"` // HttpHeader (default), QueryString, RequestField or MergeField
	TargetName string     `json:",omitempty"` // header (default Authorization), query name or location

	// Fields are what a person is asked for: all of AuthFields, and of JwtBearer
	// what its claims need.
	Fields []AuthField `json:",omitempty"`

	// Of OAuth.
	OAuth2Type           OAuth2Type           `json:",omitempty"`
	RequestTokenURL      string               `json:"RequestTokenUrl,omitempty"` // OAuth 1.0a
	AuthoriseURL         string               `json:"AuthoriseUrl,omitempty"`
	AccessTokenURL       string               `json:"AccessTokenUrl,omitempty"`
	RefreshTokenURL      string               `json:"RefreshTokenUrl,omitempty"` // default: AccessTokenUrl
	Scopes               string               `json:",omitempty"`                // as they are sent
	ClientAuthentication ClientAuthentication `json:",omitempty"`
	TokenParameters      []NameValue          `json:",omitempty"`     // further ones of requests for tokens
	PKCE                 bool                 `json:"Pkce,omitempty"` // S256
	SignatureMethod      string               `json:",omitempty"`     // OAuth 1.0a: HMAC-SHA1 (default), HMAC-SHA256, RSA-SHA1
	Realm                string               `json:",omitempty"`     // OAuth 1.0a

	// Of JwtBearer. Without AccessTokenUrl the signed claims are the token.
	Algorithm string      `json:",omitempty"` // RS256 (default), RS384, RS512, ES256, HS256, HS512
	Claims    []NameValue `json:",omitempty"` // iss, sub, aud, scope …; iat and exp are put in
	Lifetime  int         `json:",omitempty"` // seconds; default 3600

	// Of AwsSignatureV4.
	Region  string `json:",omitempty"`
	Service string `json:",omitempty"`
}

// AuthField is a named part of an AuthValue.
type AuthField struct {
	Name        string
	DisplayName string `json:",omitempty"`
	Description string `json:",omitempty"`
	Location    string `json:",omitempty"` // AuthFields: in the request's body; default: Name
	Sensitive   bool   `json:",omitempty"`
	Multiline   bool   `json:",omitempty"`
	Optional    bool   `json:",omitempty"`
}

// NameValue is a named text, which may have merge fields.
type NameValue struct {
	Name  string
	Value string
}

// Token is the AuthValue of an account connector with OAuth 2.0. Times are RFC
// 3339; an empty one is not known.
type Token struct {
	AccessToken    string
	RefreshToken   string `json:",omitempty"`
	Expires        string `json:",omitempty"`
	RefreshExpires string `json:",omitempty"`
}
