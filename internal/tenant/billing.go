package tenant

import (
	"time"

	"github.com/tandem-ipaas/tandem"
)

// billed is an account as it is shown: NextBillDateUTC goes on by itself when it
// has passed. What is kept is the date that was set, since the day of the month
// cannot be told from one that follows it.
func billed(a *tandem.Account, err error) (*tandem.Account, error) {
	if err == nil {
		a.NextBillDateUTC = a.NextBill(time.Now())
	}
	return a, err
}

// keepBilling leaves a date out of u that is only given back as it was shown.
func keepBilling(a *tandem.Account, u tandem.AccountUpdate) tandem.AccountUpdate {
	if next := a.NextBill(time.Now()); next != nil && u.NextBillDateUTC.Set && !u.NextBillDateUTC.Null && next.Equal(u.NextBillDateUTC.Value) {
		u.NextBillDateUTC = tandem.Optional[time.Time]{}
	}
	return u
}
