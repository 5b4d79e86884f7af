package engine

import (
	"testing"
	"testing/synctest"
	"time"
)

// A node whose transactions others run holds back as many as they tell, lets in one
// for each that has begun there, and all when they tell nothing more.
func TestEntranceHears(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		worker, intake := newCrowd(), newCrowd()
		intake.strained = func() bool { return false }
		if worker.Late() != nil || intake.Asked() {
			t.Error("there is something to tell of at first")
		}
		old := worker.ids.Next()
		time.Sleep(tolerable)
		for range 3 {
			worker.Begins(1, old)
		}
		intake.Hear(worker.Late())
		intake.submit(t, 10, 1, 0)
		intake.submit(t, 5, 2, 0)
		intake.want(t, "when it is late there", 5, 0)
		if !intake.Asked() || intake.Asked() {
			t.Error("who submits is noted once")
		}
		worker.Begins(1, old)
		worker.Begins(1, old)
		intake.Hear(worker.Late())
		intake.want(t, "for two that began there", 7, 0)
		time.Sleep(longestHold + still)
		intake.Hear(worker.Late())
		intake.want(t, "after a second, when nothing is late any more", 7, 8)
		intake.submit(t, 10, 1, 0)
		intake.want(t, "then", 17, 8)

		worker.Begins(1, old)
		intake.Hear(worker.Late())
		intake.submit(t, 2, 1, 0)
		intake.Hear(nil)
		intake.want(t, "when nothing more is told", 19, 8)
		worker.Begins(1, old)
		intake.Hear(worker.Late())
		time.Sleep(heard)
		intake.submit(t, 2, 1, 0)
		intake.want(t, "when the other is silent", 21, 8)
	})
}

// Who only waits for others tells nobody to hold back.
func TestUnstrainedTellsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd()
		c.strained = func() bool { return false }
		c.late(1, time.Hour)
		if all := c.Late(); len(all) != 0 {
			t.Errorf("told of %v", all)
		}
	})
}
