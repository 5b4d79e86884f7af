package tenant

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
)

func TestBilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // now is 2000-01-01
		set := time.Date(2000, 1, 31, 0, 0, 0, 0, time.UTC)
		stored := tandem.Account{Timezone: "UTC", NextBillDateUTC: &set}
		shown := func() *time.Time {
			a := stored
			_, _ = billed(&a, nil)
			return a.NextBillDateUTC
		}
		for _, want := range []time.Time{set, time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC), time.Date(2000, 3, 31, 0, 0, 0, 0, time.UTC), time.Date(2000, 4, 30, 0, 0, 0, 0, time.UTC)} {
			if got := shown(); !got.Equal(want) {
				t.Errorf("%v: %v, want %v", time.Now().UTC(), got, want)
			}
			again := keepBilling(&stored, tandem.AccountUpdate{NextBillDateUTC: tandem.Some(*shown())})
			other := keepBilling(&stored, tandem.AccountUpdate{NextBillDateUTC: tandem.Some(want.Add(time.Hour))})
			null := keepBilling(&stored, tandem.AccountUpdate{NextBillDateUTC: tandem.Optional[time.Time]{Set: true, Null: true}})
			if again.NextBillDateUTC.Set || !other.NextBillDateUTC.Set || !null.NextBillDateUTC.Set {
				t.Errorf("given back: %+v, another: %+v, null: %+v", again.NextBillDateUTC, other.NextBillDateUTC, null.NextBillDateUTC)
			}
			time.Sleep(30 * 24 * time.Hour)
		}
	})
}
