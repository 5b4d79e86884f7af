// Package storage keeps what steps and scripts want to find again in a later run:
// texts, objects, counters, and which id of one system is which of another.
//
// A store belongs to an account, and within it to a purpose, an account connector
// or a cycle, or to none of these: see [tandem.Storage]. It ends with whatever it
// belongs to. It holds at most [tandem.StorageItems] items; a key has at most
// [tandem.StorageKey] characters and a value [tandem.StorageText], an object
// [tandem.StorageObject] bytes of JSON. All stores of an account together hold at
// most [tandem.StorageAccountItems] items and [tandem.StorageAccountBytes] bytes, and
// its pairs are of at most [tandem.StorageEntities] kinds. What is beyond is refused,
// naming the field and the limit.
//
// # Changes
//
// Every change is one transaction of the database, alone in its store: of two that
// add to the same counter, on whatever nodes, neither is lost. It takes a name,
// once, under which it happens once: a step that is tried again after a crash asks
// for the same change by the same name, and gets the first one's result. Names are
// known for a week.
//
// # What can be read in the database
//
// Values are sealed by the account's key, as they may be of people. Keys, and the
// ids of pairs, are not: the database looks them up and puts them in order. Who
// stores something by a person's address can store it by the hash of that.
package storage
