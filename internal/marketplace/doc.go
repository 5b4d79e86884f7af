// Package marketplace keeps the stores in which a partner offers integrations to
// its accounts.
//
// A marketplace holds packages, and a package names the templates that are
// installed together. It names them only: a template that is changed, or
// withdrawn, is so in every package at once, and what accounts have installed
// does not depend on the package that it came from.
package marketplace
