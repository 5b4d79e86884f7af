// Package embed is the service domain: what a vendor's customers see, inside the
// vendor's product or on a page of their own.
//
// Coming in. A program of the vendor asks the API for a token, and sends a
// browser to /account/signinwithtoken with it. The token is used up, a session
// begins that is worth something in one account alone, and the browser is sent
// on: to a path of this domain, never anywhere else (see [relative]). People
// with a password come in by /account/signin, by an invitation, or by a reset.
//
// Screens. What an account's people work with is built from web/ (see internal/dist),
// at /account/7/…, where 7 is the number of a session: the browser's router knows
// what is behind it. The screens call the public API, as who the session is of.
//
// Sessions. A browser may hold several at once: two accounts in two frames of
// one page are a matter of course. So each session has a cookie of its own,
// named after the session's number, and a page's address says which one it
// means (?session=7). The number opens nothing. Where an address names none, as
// in one that a customer has typed, the newest is meant. In frames, where the
// partner allows them, cookies are SameSite=None, Secure and Partitioned;
// elsewhere Lax. Over TLS their names begin with __Host-, so that no other host
// can plant one.
//
// Forms. The pages are plain HTML that works without scripts. A form changes
// something only if the browser says that a page of this origin sent it, and,
// since the cookies of frames are sent from anywhere, if it also carries a token
// made of the session's secret. A GET request changes nothing, but for the
// sign-in itself.
//
// Policy. Every answer has a content security policy with nothing inline but the
// one script of the last page, which tells the vendor's page what came of it:
// by postMessage, to the origins that the partner named. frame-ancestors is
// 'none' unless the partner allows frames, and then the hosts that it listed.
// Referrers are never sent: addresses here hold tokens.
package embed
