package utility

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/internal/merge"
)

// verdict is what is to become of an update, with its reason.
type verdict string

// The verdicts: an entity not seen before, other values than the last, the last
// ones once more from the side they came from, what the other side was given and
// now tells as news, and an entity that changes hands all the time.
const (
	isNew     verdict = "New"
	isChanged verdict = "Changed"
	isRepeat  verdict = "Repeated"
	isEcho    verdict = "Echo"
	isLoop    verdict = "Loop"
)

// ok says that the update is to go on.
func (v verdict) ok() bool { return v == isNew || v == isChanged || v == isRepeat }

const (
	// inFlight is how long an echo of values that are not the last any more may
	// take; one of the last may take as long as these are known.
	inFlight = 10 * time.Minute
	// maxFlight is how many values may be under way; the oldest are forgotten.
	maxFlight = 16
	// Values that change hands so often, each time so soon, go round: the systems
	// write them differently.
	maxTurns = 20
	turn     = time.Minute
)

// passed are values that were passed on.
type passed struct {
	Hash string
	Side string // that they came from
	At   time.Time
}

// echo is what is known of an entity: the values that were passed on last, and
// those of which the other side may yet tell.
type echo struct {
	Last   passed
	Turns  int      `json:",omitempty"` // how often the side changed, each time soon
	Flight []passed `json:",omitempty"`
}

// decide says what is to become of values from a side, and remembers them if they
// go on.
func (e *echo) decide(hash, side string, now time.Time) verdict {
	if e.returns(hash, side, now) {
		return isEcho
	}
	v := isChanged
	switch {
	case e.Last.Hash == "":
		v = isNew
	case e.Last.Side == side:
		e.Turns = 0
		if e.Last.Hash == hash {
			v = isRepeat
		}
	case now.Sub(e.Last.At) > turn:
		e.Turns = 0
	default:
		if e.Turns++; e.Turns > maxTurns {
			return isLoop
		}
	}
	e.Last = passed{hash, side, now}
	e.Flight = append(e.Flight, e.Last)
	if over := len(e.Flight) - maxFlight; over > 0 {
		e.Flight = slices.Delete(e.Flight, 0, over)
	}
	return v
}

// returns says that values were passed on from the other side: they are the last,
// or among those under way, which they then are no more.
func (e *echo) returns(hash, side string, now time.Time) bool {
	e.Flight = slices.DeleteFunc(e.Flight, func(p passed) bool { return now.Sub(p.At) > inFlight })
	at := slices.IndexFunc(e.Flight, func(p passed) bool { return p.Hash == hash && p.Side != side })
	if at >= 0 {
		e.Flight = slices.Delete(e.Flight, at, at+1)
	}
	return at >= 0 || e.Last.Hash == hash && e.Last.Side != side
}

// valuesHash is the same for values that are the same to people: in whatever order
// their fields are, with whatever white space, with 1.0 for 1, and with nothing for
// an empty text.
func valuesHash(values map[string]any, fold bool) string {
	sum := sha256.New()
	writeValue(sum, values, fold)
	return base64.RawStdEncoding.EncodeToString(sum.Sum(nil)[:16])
}

// writeValue writes a value so that no other reads the same.
func writeValue(w io.Writer, v any, fold bool) {
	switch v := v.(type) {
	case map[string]any:
		fmt.Fprint(w, "{")
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if !empty(v[name]) {
				fmt.Fprintf(w, "%q:", name)
				writeValue(w, v[name], fold)
			}
		}
		fmt.Fprint(w, "}")
	case []any:
		fmt.Fprint(w, "[")
		for _, item := range v {
			writeValue(w, item, fold)
		}
		fmt.Fprint(w, "]")
	default:
		text := plain(v)
		if fold {
			text = strings.ToLower(text)
		}
		fmt.Fprintf(w, "%q,", text)
	}
}

func empty(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for _, member := range v {
			if !empty(member) {
				return false
			}
		}
		return true
	case []any:
		return len(v) == 0
	}
	return plain(v) == ""
}

// plain is a value as text, with single spaces; of a number the shortest.
func plain(v any) string {
	if _, text := v.(string); !text {
		if x, ok := merge.Number(v); ok {
			if x.IsInt() {
				return x.Num().String()
			}
			return x.RatString()
		}
	}
	return strings.Join(strings.Fields(merge.Text(v)), " ")
}
