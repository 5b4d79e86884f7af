// Package store holds all SQL, written once for SQLite and PostgreSQL.
//
// One file per noun. Each service declares the small interface that it needs,
// and *Store satisfies it; nothing outside this package sees a row or a
// statement. What differs between the databases is in the packages sqlite and
// postgres beneath it, behind [Dialect].
//
// Statements use $1 placeholders, RETURNING and ON CONFLICT, which both
// databases know. Times are microseconds since 1970 UTC (0: none), ids numbers
// or text, documents bytes. Every statement on a tenant's table names the
// account.
//
// Writes go through [Store.write]. On SQLite they take turns on the one writing
// connection. Records of runs, which are many, do not: submissions and deltas
// that arrive while a commit is under way share the next ([Store.Submit],
// [Store.Commit]; journal_group.go says how, journal_batch.go what is written).
// Their statements are for many rows at once and have one text for both
// databases, too: see package bulk. Hot tables have no foreign keys.
package store
