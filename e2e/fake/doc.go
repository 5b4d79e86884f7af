// Package fake stands for the applications that the library's connectors call:
// each is a small server in memory, made from the application's public
// documentation, that checks credentials, keeps what it is sent, pages, and fails
// as the real one does. A file is an application.
package fake
