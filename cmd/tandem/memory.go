package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// garbage is how much of it there may be, in percent of the memory in use, before it
// is collected, unless the operator has set GOGC. The server has some 25 MB in use,
// and transactions leave as much behind several times a second: with Go's own 100 it
// would spend a tenth of its time on looking through what is in use.
const garbage = 200

// A server is at rest when it takes less than restBytes anew in restTime, as for a few
// transactions a second: giving back keeps others waiting for a moment. What it has
// taken since it last gave back is worth collecting from worthBytes on.
const (
	restTime   = 10 * time.Second
	restBytes  = 4 << 20
	worthBytes = 64 << 20
)

// keepMemory has garbage collected as suits a server that is busy, and gives the system
// back what a server at rest does not use, until ctx is done: Go's own collector would
// keep the most that was used, for as long as little is.
func keepMemory(ctx context.Context) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	tick := time.NewTicker(restTime)
	defer tick.Stop()
	for was, gave := allocated(), uint64(0); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := allocated()
		if now-was < restBytes && now-gave >= worthBytes {
			debug.FreeOSMemory()
			gave = now
		}
		was = now
	}
}

// allocated is how many bytes this process has ever taken from its heap.
func allocated() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
