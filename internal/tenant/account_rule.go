package tenant

import (
	"cmp"
	"strings"
	"time"
	_ "time/tzdata" // the time zones, on machines that have none

	"github.com/tandem-ipaas/tandem"
)

// apply changes a by u, and checks the whole of what comes out.
func apply(a *tandem.Account, u tandem.AccountUpdate) error {
	u.Name.Apply(&a.Name)
	u.Description.ApplyPointer(&a.Description)
	u.AuditInfo.ApplyPointer(&a.AuditInfo)
	u.TaskAuditInfo.ApplyPointer(&a.TaskAuditInfo)
	u.NextBillDateUTC.ApplyPointer(&a.NextBillDateUTC)
	u.StepDataSuccessRetentionHours.ApplyPointer(&a.StepDataSuccessRetentionHours)
	u.StepDataErroredRetentionHours.ApplyPointer(&a.StepDataErroredRetentionHours)
	u.TransactionErrorWebhookEnabled.Apply(&a.TransactionErrorWebhookEnabled)
	u.TransactionErrorWebhookURL.ApplyPointer(&a.TransactionErrorWebhookURL)
	u.TransactionErrorWebhookIncludeWarnings.Apply(&a.TransactionErrorWebhookIncludeWarnings)
	u.ConcurrentTransactionLimit.ApplyPointer(&a.ConcurrentTransactionLimit)
	u.StepLimit.ApplyPointer(&a.StepLimit)
	u.Timezone.Apply(&a.Timezone)
	return cmp.Or(
		tandem.CheckName(&a.Name), checkTimezone(a), checkBillDate(a),
		checkRetention(&a.StepDataSuccessRetentionHours, &a.StepDataErroredRetentionHours), checkLimits(a), checkWebhook(a))
}

func checkTimezone(a *tandem.Account) error {
	if a.Timezone == "" {
		a.Timezone = "UTC"
	}
	// Local is this machine's zone to LoadLocation, not one of IANA's.
	if _, err := time.LoadLocation(a.Timezone); err != nil || a.Timezone == "Local" {
		return tandem.Invalidf("Timezone", "Timezone: %q is not an IANA time zone", a.Timezone)
	}
	return nil
}

func checkBillDate(a *tandem.Account) error {
	if a.NextBillDateUTC != nil {
		at := a.NextBillDateUTC.UTC().Truncate(time.Microsecond)
		a.NextBillDateUTC = &at
	}
	return nil
}

func checkRetention(success, errored **int) error {
	r := tandem.Retention{Success: *success, Errored: *errored}
	err := r.Check()
	*success, *errored = r.Success, r.Errored
	return err
}

func checkLimits(a *tandem.Account) error {
	return cmp.Or(tandem.CheckLimit("ConcurrentTransactionLimit", a.ConcurrentTransactionLimit), tandem.CheckLimit("StepLimit", a.StepLimit))
}

func checkWebhook(a *tandem.Account) error {
	return checkErrorWebhook(a.TransactionErrorWebhookEnabled, &a.TransactionErrorWebhookURL)
}

// checkErrorWebhook puts a scheme before a URL that has none.
func checkErrorWebhook(enabled bool, at **string) error {
	const field = "TransactionErrorWebhookUrl"
	if *at != nil && strings.TrimSpace(**at) == "" {
		*at = nil
	}
	if *at == nil {
		if enabled {
			return tandem.Invalidf(field, "Transaction Error Webhook enabled: Transaction Error Webhook URL must be defined")
		}
		return nil
	}
	return checkURL(field, *at)
}

// checkURL completes the address of a receiver. Errors: Invalid.
func checkURL(field string, at *string) (err error) {
	*at, err = tandem.ReceiverURL(field, *at)
	return err
}

// checkNotice checks who is told of cycles that errors stop.
func checkNotice(n *tandem.NoticeSettings) error {
	at := &n.NotificationWebhookURL
	if *at != nil && strings.TrimSpace(**at) == "" {
		*at = nil
	}
	if *at == nil {
		return nil
	}
	*at = new(**at)
	return checkURL("NotificationWebhookUrl", *at)
}
