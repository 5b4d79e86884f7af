package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// slotsOfHour is how many slots there are in one.
const slotsOfHour = tandem.Slot(time.Hour / tandem.SlotTime)

// readActivity counts the tasks of all cycles of an account by hour, in one walk
// through the end of its meter.
const readActivity = `SELECT cycle, slot / 4, ` + taskSums + ` FROM meter WHERE account = $1 AND slot >= $2 GROUP BY cycle, slot / 4`

// addActivity tells cycles of an account what each did in the last hours.
func (s *Store) addActivity(ctx context.Context, a tandem.AccountID, cycles []tandem.Cycle) error {
	first := tandem.SlotOf(time.Now())/slotsOfHour - tandem.ActivityHours + 1
	all := map[tandem.CycleID][]tandem.Tasks{}
	for i := range cycles {
		cycles[i].Counts.Activity = make([]tandem.Tasks, tandem.ActivityHours)
		all[cycles[i].ID] = cycles[i].Counts.Activity
	}
	_, err := rows(ctx, s.read(), func(r scanner) (id tandem.CycleID, err error) {
		var hour tandem.Slot
		var t tandem.Tasks
		err = r.Scan(&id, &hour, &t.SuccessfulTasks, &t.IncidentTasks)
		t.TasksUsed = t.SuccessfulTasks + t.IncidentTasks
		if hours := all[id]; hours != nil && hour < first+tandem.ActivityHours {
			hours[hour-first] = t
		}
		return id, err
	}, readActivity, a, first*slotsOfHour)
	if err != nil {
		return fmt.Errorf("activity of cycles: %w", err)
	}
	return nil
}
