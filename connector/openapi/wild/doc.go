// Package wild tries the import of OpenAPI documents on those of well-known APIs,
// as they are published in modules of Go and packages of npm. They are fetched when
// the tests run, at fixed versions whose hashes are known, and not kept here.
package wild
