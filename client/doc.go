// Package client calls the REST API of a Tandem installation.
//
// A [Client] acts for a partner: it gets tokens with the credentials of an OAuth
// client, and new ones when they expire. [Client.Account] narrows it to one
// account, in which the calls at account level then act. There is a file of methods
// for each noun; [Client.Do] calls what has no method of its own.
//
//	acme := client.New("https://tandem.example", id, secret)
//	books := acme.Account("books")
//	cycle, err := books.InstallTemplate(ctx, template)
//	if tandem.ErrorCode(err) == tandem.NotFound { … }
//
// Errors come back as the [tandem.Error] that they were in the server, found by
// the status, with the field at fault if one is. Lists are iterators that ask for
// the next page when it is reached.
//
// When the server says "later" (429 or 503), a call waits for as long as it says
// and is made again, up to three times. A POST has an Idempotency-Key, so that it
// happens once whatever becomes of its answers; with [Client.Once] the key is your
// own, and holds when your program starts anew.
package client
