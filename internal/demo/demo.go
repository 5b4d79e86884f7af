// Package demo tells one story on a running Tandem, through the REST API alone:
// a software vendor, a customer with a branch, and two applications that are
// kept in step.
//
// Acme Software has the customer Page Turner Books, whose branch Brighton is a
// sub-account. New contacts in the customer's CRM are subscribed to its
// newsletter if they gave their consent; Brighton collects changed contacts on
// a timer, page by page, into a list of its own, with its parent's connectors.
package demo

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/tandem-ipaas/tandem/client"
)

// patience is how long subscribers may take to appear.
const patience = time.Minute

// Stage is what the story is told on.
type Stage struct {
	Tandem    *client.Client // of the partner
	CRM       Application
	Mailing   Application
	Templates fs.FS // the two template files
	Out       io.Writer
}

// Run plays the story and writes what happened to Out. An error says what did
// not happen.
func Run(ctx context.Context, s Stage) error {
	st := &story{Stage: s}
	for _, act := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"open accounts", st.openAccounts},
		{"install connectors", st.installConnectors},
		{"start the webhook's cycle", st.startWebhook},
		{"add contacts", st.addContacts},
		{"start the timer's cycle", st.startTimer},
		{"wait for subscribers", st.awaitSubscribers},
		{"report", st.report},
	} {
		if err := act.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", act.what, err)
		}
	}
	return nil
}

func (s *story) say(format string, args ...any) { fmt.Fprintf(s.Out, format+"\n", args...) }
