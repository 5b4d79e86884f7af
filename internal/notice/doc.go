// Package notice tells receivers of what went wrong: an account's receiver, or its
// partner's, of incidents, and the partner's of cycles that an error has stopped.
//
// # From incidents to notices
//
// Nothing of this is in the way of transactions. Their commits write incidents, and
// [Teller] reads these behind them, from a mark on: the ids of incidents are in the
// order of their commits, so that none comes before the mark later. The notices of
// what it has read and the mark's move are one commit. Of several nodes that read
// the same, the one whose commit comes first wins, and the others read on. A cycle
// stops once; that notice is written by the commit that stops it.
//
// # From notices to receivers
//
// [Sender] takes receivers, not notices: one that has something due belongs to one
// node at a time, until its lease ends. It is told its notices one after the other,
// in their order. When it does not answer, or says that it cannot, it is left alone
// for a while, longer with each time, and all its notices with it: a dead receiver
// costs one attempt now and then, however much waits for it. When it refuses one
// notice, that one is put off, and the others go on. What cannot be delivered within
// [tandem.NoticeLifetime] is given up. Of what waits there are at most
// [tandem.NoticeBacklog] for a receiver; more are skipped, which is counted with it,
// and shown.
//
// # Signatures
//
// Each request is signed as Standard Webhooks says, by HMAC-SHA256 of its id, its
// time and its body. The secret is the account's own where it has one and its own
// receiver is told, and else the partner's, which is made when it is first needed.
// It is sealed by the vault. After a rotation the secret before signs too, for a day.
package notice
