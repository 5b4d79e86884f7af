package engine

import (
	"math"
	"runtime/metrics"
	"sync"
	"time"
)

// A machine is strained when what is ready to run waits so long for a processor, on the
// average, or a submission takes so long to become durable. It is looked at every
// strainLook; what was found before strainOld does not count.
const (
	strainedCPU    = 200 * time.Microsecond
	strainedCommit = 200 * time.Millisecond
	strainLook     = 100 * time.Millisecond
	strainOld      = time.Second
)

// strain says whether this process has more to do than its machine, or its database,
// can. It tells that from having to wait for others, which takes neither.
type strain struct {
	mu     sync.Mutex
	looked time.Time
	waits  []uint64      // for a processor until then, by the scheduler's buckets
	commit time.Duration // that submissions take, the mean of the latest
	high   bool
}

// committed takes note of how long a submission took.
func (s *strain) committed(took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commit += (took - s.commit) / 16
}

// now is whether it is strained, as of strainLook ago at most.
func (s *strain) now() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if since := now.Sub(s.looked); since >= strainLook {
		s.looked = now
		wait := s.processorWait()
		s.high = since < strainOld && (wait >= strainedCPU || s.commit >= strainedCommit)
	}
	return s.high
}

// processorWait is how long goroutines have waited on the average to go on, once they
// could, since it was asked before.
func (s *strain) processorWait() time.Duration {
	sample := []metrics.Sample{{Name: "/sched/latencies:seconds"}}
	metrics.Read(sample)
	h := sample[0].Value.Float64Histogram()
	before := s.waits
	s.waits = h.Counts
	return mean(h, before)
}

// mean is that of what was counted since before, of each bucket its least; 0: nothing
// was.
func mean(h *metrics.Float64Histogram, before []uint64) time.Duration {
	var sum, all float64
	for i, count := range h.Counts {
		if before != nil {
			count -= before[i]
		}
		if seconds := h.Buckets[i]; !math.IsInf(seconds, 0) {
			sum += float64(count) * seconds
			all += float64(count)
		}
	}
	if all == 0 {
		return 0
	}
	return time.Duration(sum / all * float64(time.Second))
}
