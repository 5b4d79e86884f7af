// Package archtest tests the architecture, so that nobody has to remember it.
//
// It holds no code, only tests, which read every package of the module:
//
//   - Imports. Each package belongs to a layer (layer_test.go), which may
//     import the layers that it names and no other. Some libraries belong to
//     one package (reserved_test.go). Both tables give the reason, and the
//     reason is part of the failure. Imports are read from every file, whatever
//     system it is built for; tests may import what they like.
//   - Shape (shape_test.go): every package has a comment, none has an init
//     function, and interfaces, functions and files have a limit to their size.
//   - Two habits that a slip would cost dearly: every byte that leaves goes
//     through internal/egress (egress_test.go), and no test skips itself behind
//     the back of internal/skip (skip_test.go).
//   - The map (room_test.go): docs/design.md says what each folder of internal/
//     is for. Links between documents lead somewhere (link_test.go).
//   - Other systems (elsewhere_test.go): everything compiles for macOS and Windows.
//   - Security (asvs_test.go): docs/security.md has each requirement of ASVS once,
//     and the tests that it names are there.
//
// Numbers below the limits are for people to judge: go test -v prints the
// longest files, the widest interfaces and the largest functions.
//
// The checks themselves are tested on a module in testdata in which each rule
// is broken once. Whoever adds a rule adds the case that breaks it.
package archtest
