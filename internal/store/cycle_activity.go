package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// readActivity counts the runs of all cycles of an account by day, in one walk
// through the end of their counts.
const readActivity = `SELECT cycle, day, SUM(runs), SUM(errors) FROM run_count WHERE account = $1 AND day >= $2 GROUP BY cycle, day`

// addActivity tells cycles of an account how their runs ended in the last days.
func (s *Store) addActivity(ctx context.Context, a tandem.AccountID, cycles []tandem.Cycle) error {
	first := journal.DayOf(time.Now()) - tandem.ActivityDays + 1
	all := map[tandem.CycleID][]tandem.DayRuns{}
	for i := range cycles {
		cycles[i].Counts.Activity = make([]tandem.DayRuns, tandem.ActivityDays)
		all[cycles[i].ID] = cycles[i].Counts.Activity
	}
	_, err := rows(ctx, s.read(), func(r scanner) (id tandem.CycleID, err error) {
		var day int64
		var n tandem.DayRuns
		err = r.Scan(&id, &day, &n.Runs, &n.Errors)
		if days := all[id]; days != nil && day-first < tandem.ActivityDays { // midnight may be past
			days[day-first] = n
		}
		return id, err
	}, readActivity, a, first)
	if err != nil {
		return fmt.Errorf("activity of cycles: %w", err)
	}
	return nil
}
