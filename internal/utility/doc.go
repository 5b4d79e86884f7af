// Package utility has the operations that are built into Tandem and that methods
// of its own connectors run in place of a request: sending files by FTP and SFTP,
// mail, queries of databases, tables as text. docs/utilities.md says what each
// takes and gives; the definitions are in connectors/.
//
// A constructor, such as [Network], gives the operations that need the same
// things, by the name that a method has in BuiltIn; [New] puts them together.
//
// # Reaching out
//
// Whoever sets up a connector chooses the server, and a server chooses what it
// says. So that neither leads Tandem elsewhere, no library here opens a
// connection, resolves a name, or reads a file or the environment by itself: each
// is given the connections of a session, which come from the guarded dialer. A
// session may reach one host, whatever that host says of others; it has a time in
// which it must end, and a number of bytes that a server may say. When the time is
// over its connections are closed, which ends whoever waits for one.
//
// # Errors
//
// Every error is an *invoke.Error. What servers say is quoted, for it is what
// helps, but shortened, and without the credentials, which some repeat.
package utility
