package run

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// frontier is what a transaction has yet to do.
type frontier struct {
	tasks []task // the last is next

	tries   int   // of the next task that met a limit, or failed
	retries int   // of these, those that its step's policy allowed
	place   int64 // of the next task in the line of a limit; 0: none
	parent  bool  // children have been made

	origin tandem.TransactionID // the first of the line that it resumes; 0: it resumes none

	pages    collection
	wait     wait
	requests requests
}

// collection is how far the next task has come that calls a method page by page.
type collection struct {
	began time.Time // zero: not yet
	count int       // of pages taken, or parts sent
	next  string    // place of the next one
}

// taskKind is a kind of work.
type taskKind byte

// The kinds of tasks. The first two are of the plan's trigger, whose index a
// new transaction need not know.
const (
	arrived taskKind = iota // split or pass on the trigger's data, item prev
	collect                 // call the trigger's method
	perform                 // run a step, after item prev
	divide                  // split a step's data, item prev
	matched                 // go on with a request, item prev
)

// task is one entry of a frontier.
type task struct {
	kind   taskKind
	node   int   // index in the plan; not of arrived and collect
	prev   int32 // Seq of the item before
	offset int   // of arrived and divide: items that have been made children
}

// The versions: the second has an origin after the bits.
const (
	frontierVersion = 1 + iota
	resumedVersion
)

// Bits of a frontier's second byte.
const (
	_ = 1 << iota // was used once
	bitParent
	_ // was used once
	bitPages
	bitPlace
	bitRetries
	bitWait
	bitRequests
)

var errFrontier = errors.New("the frontier is damaged")

// encode writes the frontier: version, bits, the origin if there is one, tries, the
// place if there is one, the collection if one has begun, retries if there were
// some, the wait if one has begun, requests if it has to do with some, tasks;
// numbers as varints.
func (f *frontier) encode() []byte {
	bits := byte(0)
	for i, set := range []bool{false, f.parent, false, !f.pages.began.IsZero(), f.place > 0, f.retries > 0, !f.wait.until.IsZero(), f.requests != requests{}} {
		if set {
			bits |= 1 << i
		}
	}
	b := append(make([]byte, 0, 4+8*len(f.tasks)), frontierVersion, bits)
	if f.origin > 0 {
		b[0] = resumedVersion
		b = binary.AppendVarint(b, int64(f.origin))
	}
	b = binary.AppendUvarint(b, uint64(f.tries))
	if bits&bitPlace != 0 {
		b = binary.AppendVarint(b, f.place)
	}
	if bits&bitPages != 0 {
		b = binary.AppendVarint(b, f.pages.began.UnixMicro())
		b = binary.AppendUvarint(b, uint64(f.pages.count))
		b = binary.AppendUvarint(b, uint64(len(f.pages.next)))
		b = append(b, f.pages.next...)
	}
	if bits&bitRetries != 0 {
		b = binary.AppendUvarint(b, uint64(f.retries))
	}
	if bits&bitWait != 0 {
		b = binary.AppendVarint(b, f.wait.began.UnixMicro())
		b = binary.AppendVarint(b, f.wait.until.UnixMicro())
	}
	if bits&bitRequests != 0 {
		b = binary.AppendVarint(b, microsOf(f.requests.until))
		b = binary.AppendVarint(b, int64(f.requests.caller))
	}
	b = binary.AppendUvarint(b, uint64(len(f.tasks)))
	for _, t := range f.tasks {
		b = append(b, byte(t.kind))
		b = binary.AppendUvarint(b, uint64(t.node))
		b = binary.AppendUvarint(b, uint64(t.prev))
		b = binary.AppendUvarint(b, uint64(t.offset))
	}
	return b
}

// decodeFrontier reads what encode writes. nodes and items are how many there
// are, beyond which no task may point.
func decodeFrontier(b []byte, nodes, items int) (frontier, error) {
	if len(b) < 2 {
		return frontier{}, errFrontier
	}
	if b[0] != frontierVersion && b[0] != resumedVersion {
		return frontier{}, fmt.Errorf("the frontier has version %d, which is not known", b[0])
	}
	bits := b[1]
	r := reader{rest: b[2:]}
	f := frontier{parent: bits&bitParent != 0}
	if b[0] == resumedVersion {
		if f.origin = tandem.TransactionID(r.signed()); f.origin <= 0 {
			r.failed = true
		}
	}
	f.tries = r.number(1 << 20)
	if bits&bitPlace != 0 {
		if f.place = r.signed(); f.place <= 0 {
			r.failed = true
		}
	}
	if bits&bitPages != 0 {
		f.pages.began = time.UnixMicro(r.signed()).UTC()
		f.pages.count = r.number(1 << 30)
		f.pages.next = r.text()
	}
	if bits&bitRetries != 0 {
		f.retries = r.number(1 << 10)
	}
	if bits&bitWait != 0 {
		f.wait = wait{time.UnixMicro(r.signed()).UTC(), time.UnixMicro(r.signed()).UTC()}
	}
	if bits&bitRequests != 0 {
		f.requests = requests{timeOf(r.signed()), tandem.TransactionID(r.signed())}
	}
	for range r.number(len(r.rest)) {
		t := task{kind: taskKind(r.byte())}
		t.node = r.number(nodes - 1)
		t.prev = int32(r.number(items))
		t.offset = r.number(1 << 30)
		if t.kind > matched || t.prev == 0 && (t.kind == arrived || t.kind == divide || t.kind == matched) {
			r.failed = true
		}
		f.tasks = append(f.tasks, t)
	}
	if r.failed || len(r.rest) > 0 {
		return frontier{}, errFrontier
	}
	return f, nil
}

// microsOf is a time in microseconds; 0: none.
func microsOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func timeOf(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// reader takes numbers from the front of a frontier; after a failure, zeros.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) number(most int) int {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || n > uint64(max(most, 0)) {
		r.failed, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

func (r *reader) signed() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.failed, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) text() string {
	n := r.number(len(r.rest))
	if n > len(r.rest) {
		r.failed, r.rest = true, nil
		return ""
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

func (r *reader) byte() byte {
	if len(r.rest) == 0 {
		r.failed = true
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (f *frontier) push(t ...task) { f.tasks = append(f.tasks, t...) }

func (f *frontier) pop() { f.tasks = f.tasks[:len(f.tasks)-1] }

// top is the next task.
func (f *frontier) top() *task { return &f.tasks[len(f.tasks)-1] }
