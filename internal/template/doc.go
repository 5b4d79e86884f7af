// Package template keeps the designs that a partner installs in its accounts,
// and installs them.
//
// A template comes and goes as one file ([tandem.TemplateFile]), which names
// connectors by name and version, never what is installed of them. What is
// exported of an imported file is the same document again.
//
// Installing makes a paused cycle: a copy of the live release in which steps
// and edges have ids of their own, bound to the account's connectors. An
// account's own come first, then those that it inherits, and what is missing is
// installed with it, to be authenticated by the customer.
package template
