package tandem_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
)

func TestInherit(t *testing.T) {
	text := func(s string) *string { return &s }
	for name, c := range map[string]struct {
		console tandem.AccountDefaults
		account tandem.Account
		cycle   tandem.Retention
		want    tandem.Inherited
	}{
		"nothing is set": {want: tandem.Inherited{SuccessHours: 744, ErroredHours: 744}},
		"by the console": {
			console: tandem.AccountDefaults{
				StepDataSuccessRetentionHours: new(1), StepDataErroredRetentionHours: new(2), ConcurrentTransactionLimit: new(3), StepLimit: new(4),
				TransactionErrorWebhookEnabled: true, TransactionErrorWebhookURL: text("https://a.test"), TransactionErrorWebhookIncludeWarnings: true,
			},
			want: tandem.Inherited{
				SuccessHours: 1, ErroredHours: 2, ConcurrentTransactions: 3, Steps: 4, ErrorWebhookURL: "https://a.test", ErrorWebhookWarnings: true,
			},
		},
		"zero is a value": {
			console: tandem.AccountDefaults{StepDataSuccessRetentionHours: new(1), ConcurrentTransactionLimit: new(3), StepLimit: new(4)},
			account: tandem.Account{StepDataSuccessRetentionHours: new(0), ConcurrentTransactionLimit: new(0), StepLimit: new(0)},
			want:    tandem.Inherited{SuccessHours: 0, ErroredHours: 744},
		},
		"each by itself": {
			console: tandem.AccountDefaults{StepDataSuccessRetentionHours: new(1), StepDataErroredRetentionHours: new(2)},
			account: tandem.Account{StepDataErroredRetentionHours: new(20)},
			cycle:   tandem.Retention{Success: new(100)},
			want:    tandem.Inherited{SuccessHours: 100, ErroredHours: 20},
		},
		"a cycle first": {
			account: tandem.Account{StepDataErroredRetentionHours: new(20)},
			cycle:   tandem.Retention{Errored: new(0)},
			want:    tandem.Inherited{SuccessHours: 744, ErroredHours: 0},
		},
		"an account's own webhook": {
			console: tandem.AccountDefaults{TransactionErrorWebhookEnabled: true, TransactionErrorWebhookURL: text("https://a.test"), TransactionErrorWebhookIncludeWarnings: true},
			account: tandem.Account{TransactionErrorWebhookEnabled: true, TransactionErrorWebhookURL: text("https://b.test")},
			want:    tandem.Inherited{SuccessHours: 744, ErroredHours: 744, ErrorWebhookURL: "https://b.test", ErrorWebhookOwn: true},
		},
		"a webhook switched off": {
			console: tandem.AccountDefaults{TransactionErrorWebhookURL: text("https://a.test")},
			account: tandem.Account{TransactionErrorWebhookURL: text("https://b.test")},
			want:    tandem.Inherited{SuccessHours: 744, ErroredHours: 744},
		},
	} {
		if diff := cmp.Diff(c.want, tandem.Inherit(c.console, &c.account, c.cycle)); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}
