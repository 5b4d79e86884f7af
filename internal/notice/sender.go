package notice

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// How receivers are told.
const (
	receiversAtOnce = 32
	noticesAtOnce   = 100              // of one receiver, before another has its turn
	attemptTime     = 10 * time.Second // for an answer
	roundTime       = time.Minute      // for one receiver's notices, before another has its turn
	lease           = 2 * time.Minute  // longer than a round takes
	maxAnswer       = 64 << 10
)

// ladder is how long after a failure the next attempt is; then the last again, for
// as long as a notice is tried.
var ladder = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour}

// Outbox is where notices wait.
type Outbox interface {
	// ClaimReceivers takes up to n that may be told something, until lease.
	ClaimReceivers(ctx context.Context, now, lease time.Time, n int) ([]tandem.Receiver, error)
	// DueNotices are in their order, with payloads.
	DueNotices(ctx context.Context, to tandem.Receiver, now time.Time, n int) ([]tandem.Notice, error)
	// EndNotice forgets what a notice says.
	EndNotice(ctx context.Context, n tandem.Notice) error
	// DeferNotice notes an attempt that failed, and when the next is.
	DeferNotice(ctx context.Context, n tandem.Notice) error
	// ReleaseReceiver gives a claim up, until to.Next, or until a notice is due.
	ReleaseReceiver(ctx context.Context, to tandem.Receiver) error
	// ForgetNotices deletes those that ended before a time.
	ForgetNotices(ctx context.Context, before time.Time) error
	// NoticesCame has something when there may be more, put in on this node.
	NoticesCame() <-chan struct{}
}

// Addresses finds where a receiver is; "": it is not told any more.
type Addresses func(ctx context.Context, to tandem.Receiver) (address string, err error)

// Sender tells receivers.
type Sender struct {
	log       *slog.Logger
	outbox    Outbox
	secrets   secrets
	addresses Addresses
	client    *http.Client
	now       func() time.Time
	timeout   time.Duration
	busy      chan bool     // with a place for each receiver that is told
	again     chan struct{} // that more may be due
	forgot    time.Time
}

// Options are what may be set.
type Options struct {
	Now     func() time.Time // nil: the clock
	Timeout time.Duration    // for an answer; 0: 10 s
	AtOnce  int              // receivers; 0: 32
}

// NewSender makes a Sender that calls by client, whose redirects it does not follow.
func NewSender(log *slog.Logger, box Outbox, k Keys, v *vault.Vault, a Addresses, client *http.Client, o Options) *Sender {
	guarded := *client
	guarded.Timeout = cmp.Or(o.Timeout, attemptTime)
	if o.Now == nil {
		o.Now = time.Now
	}
	guarded.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Sender{log: log, outbox: box, secrets: secrets{k, v}, addresses: a, client: &guarded, now: o.Now, timeout: guarded.Timeout, busy: make(chan bool, cmp.Or(o.AtOnce, receiversAtOnce)), again: make(chan struct{}, 1)}
}

// Run tells receivers until ctx is done: of what is queued here at once, of what other
// nodes queue now and then. A slow one takes one of many places.
func (s *Sender) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		if err := s.begin(ctx, &wg); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "notices were not sent", "error", err)
		}
		if !rest(ctx, s.outbox.NoticesCame(), s.again) {
			return nil
		}
	}
}

// after has Run look again when something is due.
func (s *Sender) after(due time.Time) {
	time.AfterFunc(due.Sub(s.now()), func() {
		select {
		case s.again <- struct{}{}:
		default: // it is about to look
		}
	})
}

// Flush tells receivers what is due, as far as there are places, and waits for
// their rounds.
func (s *Sender) Flush(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	return s.begin(ctx, &wg)
}

// begin tells as many receivers as there are places free.
func (s *Sender) begin(ctx context.Context, wg *sync.WaitGroup) error {
	now := s.now()
	if now.Sub(s.forgot) > time.Hour {
		s.forgot = now
		if err := s.outbox.ForgetNotices(ctx, now.Add(-tandem.NoticesKept)); err != nil {
			return err
		}
	}
	room := cap(s.busy) - len(s.busy)
	if room == 0 {
		return nil
	}
	due, err := s.outbox.ClaimReceivers(ctx, now, now.Add(lease), room)
	for _, to := range due {
		s.busy <- true
		wg.Go(func() {
			defer func() {
				<-s.busy
				s.after(s.now()) // it may have more, and another may have waited for its place
			}()
			s.tell(ctx, to)
		})
	}
	return err
}

// tell has a receiver's round, and gives it up.
func (s *Sender) tell(ctx context.Context, to tandem.Receiver) {
	to.Next = time.Time{}
	err := s.round(ctx, &to)
	if err != nil {
		to.Next = s.now().Add(ladder[1])
	}
	if !to.Next.IsZero() {
		s.after(to.Next)
	}
	if e := s.outbox.ReleaseReceiver(context.WithoutCancel(ctx), to); e != nil {
		err = errors.Join(err, e) // the lease will end
	}
	if err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "notices were not sent", "partner", to.Partner, "account", to.Account, "kind", to.Kind, "error", err)
	}
}

// round tells a receiver what is due, until it fails.
func (s *Sender) round(ctx context.Context, to *tandem.Receiver) error {
	address, err := s.addresses(ctx, *to)
	if err != nil {
		return err
	}
	by, err := s.secrets.of(ctx, to.Partner, to.Account, s.now())
	if err != nil {
		return err
	}
	due, err := s.outbox.DueNotices(ctx, *to, s.now(), noticesAtOnce)
	if err != nil {
		return err
	}
	for end := s.now().Add(roundTime); len(due) > 0 && s.now().Before(end) && ctx.Err() == nil; due = due[1:] {
		n := due[0]
		var bad failure
		switch {
		case address == "":
			bad = failure{final: true, reason: "There is no receiver any more."}
		case s.now().Sub(n.Created) > tandem.NoticeLifetime:
			bad = failure{final: true, reason: "It could not be delivered within a day. " + n.Reason}
		default:
			n.Attempts++
			n.Status, bad = s.attempt(ctx, address, by, n)
		}
		if ctx.Err() != nil {
			return nil // cut off: it says nothing of the receiver
		}
		down, err := s.note(ctx, to, n, bad)
		if err != nil || down {
			return err
		}
	}
	return nil
}

// failure is why a notice was not delivered; the zero one: it was.
type failure struct {
	reason string
	final  bool          // another attempt is for nothing
	down   bool          // the receiver can take nothing now
	after  time.Duration // that it asked to be left alone
}

// note writes down what became of an attempt. down says that the receiver is to be
// left alone for a while.
func (s *Sender) note(ctx context.Context, to *tandem.Receiver, n tandem.Notice, bad failure) (down bool, err error) {
	ctx = context.WithoutCancel(ctx)
	n.Ended, n.Reason = s.now(), bad.reason
	switch {
	case bad == failure{}:
		if to.Failures > 0 || to.Skipped > 0 {
			s.log.InfoContext(ctx, "receiver of notices works again", "partner", to.Partner, "account", to.Account, "kind", to.Kind, "failures", to.Failures, "skipped", to.Skipped)
		}
		n.State, to.Failures, to.Skipped, to.Reason = tandem.NoticeDelivered, 0, 0, ""
		return false, s.outbox.EndNotice(ctx, n)
	case bad.final:
		n.State = tandem.NoticeGivenUp
		return false, s.outbox.EndNotice(ctx, n)
	}
	to.Reason = bad.reason
	if bad.down {
		to.Failures++
		to.Next = s.now().Add(max(wait(to.Failures), bad.after))
		s.log.WarnContext(ctx, "receiver of notices failed", "partner", to.Partner, "account", to.Account, "kind", to.Kind,
			"failures", to.Failures, "queued", to.Queued, "skipped", to.Skipped, "next", to.Next, "reason", bad.reason)
		n.Next = n.Created // it is the first when the receiver is tried again
		return true, s.outbox.DeferNotice(ctx, n)
	}
	n.Next = s.now().Add(wait(n.Attempts))
	s.after(n.Next)
	return false, s.outbox.DeferNotice(ctx, n)
}

// wait is how long to wait after so many failures, from 1.
func wait(failures int) time.Duration { return ladder[min(failures, len(ladder))-1] }

// attempt sends a notice. status is the answer's; 0: there was none.
func (s *Sender) attempt(ctx context.Context, address string, by []tandem.Secret, n tandem.Notice) (status int, bad failure) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(n.Payload))
	if err != nil {
		return 0, failure{reason: "The address is none."}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Tandem")
	r.Header.Set(tandem.NoticeHeader, "1")
	if err := sign(r.Header, n.ID, s.now(), n.Payload, by...); err != nil {
		return 0, failure{reason: err.Error()}
	}
	res, err := s.client.Do(r)
	if err != nil {
		return 0, failure{down: true, reason: s.reason(err)}
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, maxAnswer) // the connection can be used again
	return res.StatusCode, refusal(res)
}

// refusal is what an answer says.
func refusal(res *http.Response) failure {
	text := cmp.Or(http.StatusText(res.StatusCode), "no status that is known")
	bad := failure{reason: fmt.Sprintf("It answered %d, %s.", res.StatusCode, text)}
	switch code := res.StatusCode; {
	case code/100 == 2:
		return failure{}
	case code == http.StatusGone:
		bad.final = true
	case code >= 500, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusNotFound, code/100 == 3:
		bad.down = true
		if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds > 0 {
			bad.after = min(time.Duration(seconds)*time.Second, tandem.NoticeLifetime)
		}
	}
	return bad
}

// maxReason is how many bytes of a reason are kept.
const maxReason = 300

func (s *Sender) reason(err error) string {
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return fmt.Sprintf("It did not answer within %s.", s.timeout)
	}
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err // without the address, in which there may be a secret
	}
	text := err.Error()
	return text[:min(len(text), maxReason)]
}
