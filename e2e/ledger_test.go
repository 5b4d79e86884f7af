package e2e

import (
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// checkLedger is checkUsage of the account that is flooded.
func checkLedger(t testing.TB, in installation, base string, least int64) {
	t.Helper()
	checkUsage(t, in, base, account, least)
}

// checkUsage checks that an account's tasks were counted as the records of steps
// say, none lost and none twice, and at least so many.
func checkUsage(t testing.TB, in installation, base, account string, least int64) {
	t.Helper()
	var check tandem.UsageCheck
	must(t, in.partner(base).Do(t.Context(), "GET", "/accounts/"+account+"/usage/verify", nil, &check))
	t.Logf("%d tasks counted, %d recorded", check.TasksUsed, check.TasksFound)
	if len(check.Differences) > 0 || check.TasksUsed != check.TasksFound || int64(check.TasksUsed) < least {
		t.Errorf("%d tasks counted and %d recorded, of at least %d: %+v", check.TasksUsed, check.TasksFound, least, check.Differences)
	}
}
