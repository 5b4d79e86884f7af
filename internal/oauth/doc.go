// Package oauth speaks the protocols by which tokens are got: OAuth 2.0 with
// authorisation codes (PKCE), client credentials and passwords, and refresh
// tokens; assertions that we sign (RFC 7523); and OAuth 1.0a. It keeps nothing.
//
// A [Flow] is one way to authenticate, as a connector's definition describes it,
// with what one account connector has for it. Whose they are, where tokens are
// kept and who else is about to ask for them is the caller's business.
//
// # Who is asked
//
// Addresses have merge fields, and a value that an account gives must not choose
// who gets a secret: [merge.Address] keeps values within their place, redirects
// are not followed, and the HTTP client, which is the caller's, guards what is
// dialled. Where an address is the account's to choose altogether, [Choosers]
// says so, and the caller decides whose client secret may go there.
//
// # What is answered
//
// The other side is not trusted. An answer is read up to a bound, must be JSON or
// a form, and must have a token that fits into a header. A lifetime that is not
// positive, or is beyond reason, counts as not known: such a token is used until
// it is refused. Of an error, the code and the description are told, without the
// secrets that we sent, and nothing else of the answer.
//
// A refusal ([Refused]) is for good: what was sent is no use any more. All that
// may work later is [Transient].
package oauth
