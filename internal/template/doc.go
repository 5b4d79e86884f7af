// Package template keeps the designs that a partner installs in its accounts,
// and installs them.
//
// The library is a tree of folders ([Folders]) with templates in it
// ([Templates]), each of which has releases ([Releases]): a draft that is worked
// on, the live one that is installed, and those that were live. Every way to a
// release goes through one check of its design. What is sound may still be
// incomplete: a customer fills it in, and a cycle cannot start before.
//
// A release comes and goes as one file ([Files], [tandem.TemplateFile]), which
// names connectors by name and version, never what is installed of them, and holds
// the definitions of those that are the partner's own: where they are missing, they
// come into the library with it. The same release gives the same bytes, wherever it
// was imported: its parts keep order and ids.
//
// Installing makes a paused cycle: a copy of the live release in which steps
// and edges have ids of their own, bound to the account's connectors. An
// account's own come first, then those that it inherits, and what is missing, or
// wanted fresh, is installed with it, to be authenticated by the customer. Steps
// remember those that they are copies of, so that a cycle can be taken to the
// next release.
package template
