// Package console is the door to the window that the vendor's team works in:
// it serves the built pages of web/ and keeps people signed in.
//
// Pages. They are served by internal/dist. A path below /console/ that names no
// file gets index.html: the browser's router knows the routes. Without built
// pages, one short page says how to build them.
//
// Sessions. POST, GET and DELETE /console/session sign in, tell who is signed
// in, and sign out. Signing in may take a second step, for which the answer to
// the first holds a token. The cookie holds a random token only (HttpOnly,
// SameSite=Lax, Secure over TLS), which is renewed at sign-in; what it stands for
// is [tandem.Sessions]' business. A second cookie makes a browser known, so that
// guessing elsewhere does not lock its owner out. Invitations, forgotten
// passwords and single sign-on are here too, for people who are not signed in.
//
// Looks. GET /console/appearance tells how the partner's console looks, of whom
// somebody is signed in to, or, before that, of an installation's only partner.
//
// The console has no data of its own and no private way to any: its pages call
// the public API, which accepts the cookie by [Console.Principal]. That refuses
// requests from other origins, so nothing that takes the cookie can be reached
// across sites; GET requests change nothing. Pages run under a content
// security policy that allows this origin's own files and nothing inline.
package console
