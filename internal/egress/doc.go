// Package egress is the one guarded way out: every byte that Tandem sends to a
// third party goes through its HTTP client, or through a connection that its
// DialContext opened.
//
// Whoever builds a cycle, or answers one of its requests, chooses where Tandem
// calls next. So that they cannot reach what only this machine can reach, the
// address is checked when it is dialled, after names are resolved, however the
// URL wrote it: there is no second parser to disagree with, and no time between
// check and use. All special addresses (loopback, private, link-local, shared,
// translated, multicast …) are refused, unless a prefix of Options.Allow has
// them. Proxy variables of the environment are not honoured: a proxy would dial
// for us.
//
// Redirects are followed up to a limit, each checked in the same way. To another
// host, or another scheme, go only headers that describe the content: all else
// may be a credential. A Referer, which would carry the query, never goes.
//
// Bodies are capped as they are read, after decompression, and a request has a
// time in which it must end, body and all. What goes through a bare connection is
// for its user to limit. Package egresstest has the addresses that every way out
// must refuse.
package egress
