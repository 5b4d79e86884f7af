// Package notify sends mail.
//
// [Mailer.Send] does not talk to the mail server: it writes the letter into an
// outbox in the database and returns. [Mailer.Run] takes letters from there and
// hands them to the operator's SMTP server, so a server that hangs or is away
// delays letters and nothing else, and a crash loses none. Of several nodes, the
// one that claims a letter has it for the time of a lease; if it dies, another
// goes on. A letter whose fate is unknown after a crash is sent again with the
// same Message-ID, by which a second copy can be told for one.
//
// A letter mostly holds a link that lets somebody in. In the outbox it is
// sealed with its partner's key, and forgotten at its end, when the server has
// taken it or it was given up; what is left is to whom, about what, when, and how
// it ended. So no copy of the database holds a link that works.
//
// Letters go at a pace, for each partner and for each recipient, which is kept
// in the database and holds for all nodes together. A refusal of the letter
// itself (5xx) ends it. Anything else, the server's absence, wrong credentials or
// a sender that it does not like, is somebody's to put right: the letter is tried
// again, less and less often, for a day.
//
// The server is the operator's own and may be a private one, so the rules for
// what integrations may call do not apply to it.
package notify
