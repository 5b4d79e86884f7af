package e2e

import (
	"net/http/httptrace"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/oauthtest"
)

// callers is how many call at once.
const callers = 50

// TestTokenNodes has two nodes share a token.
func TestTokenNodes(t *testing.T) {
	t.Parallel()
	d := newDesk(killOnPostgres(t), 2)
	oneRefresh(d)
	takeover(d)
}

// oneRefresh: however many call on both nodes, the third party is asked once, when
// the token has ended, and when it is refused.
func oneRefresh(d *desk) {
	v := d.visitor("one-refresh")
	for round := range 2 {
		asking := newStop(d)
		v.Set(func(p *oauthtest.Provider) { p.BeforeAnswer = func(string) { asking.here() } })
		calls := v.burst(callers, 0, 1)
		calls.sent.Wait()
		asking.await()
		close(asking.onward)
		calls.work()
		if n := v.Count("refresh_token"); n != round+1 {
			v.Errorf("%d callers on two nodes: it was asked %d times, not %d", callers, n, round+1)
		}
		v.Expire()
	}
}

// stated is how long a claim of a node that has died is respected.
const stated = 30 * time.Second

// takeover: when the node that asks dies, the other asks after the time that is
// stated, and its callers go on.
func takeover(d *desk) {
	v := d.visitor("takeover")
	asking := newStop(d)
	asked := make(chan time.Time, callers)
	v.Set(func(p *oauthtest.Provider) {
		p.Grace = true
		p.BeforeAnswer = func(string) {
			asked <- time.Now()
			asking.here()
		}
	})
	cut := v.burst(1, 0)
	asking.await()
	calls := v.burst(callers/2, 1)
	calls.sent.Wait()
	d.nodes[0].mustKill()
	close(asking.onward)
	if cut.all.Wait(); cut.errs[0] == nil {
		d.Error("the call on the node that was killed was answered")
	}
	if left := v.one(`SELECT token_until - token_asked FROM account_connector WHERE id = $1`, v.id); left != stated.Microseconds() {
		d.Errorf("the claim is for %d µs", left)
	}
	// Nearly all of that time passes.
	until := time.Now().Add(2 * time.Second)
	_, err := d.db.ExecContext(d.Context(), `UPDATE account_connector SET token_until = $2 WHERE id = $1`, v.id, until.UnixMicro())
	must(d, err)
	calls.work()
	if n := len(asked); n != 2 {
		d.Fatalf("it was asked %d times", n)
	}
	<-asked // by the one that was killed
	if late := (<-asked).Sub(until); late < 0 || late > 5*time.Second {
		d.Errorf("the other node asked %s after the claim had ended", late)
	}
	d.boot(0)
	calls = v.burst(1, 0)
	calls.work()
	if n := v.Count("refresh_token"); n != 2 {
		d.Errorf("it was asked %d times after the node had come back", n)
	}
}

// burst is calls that are made at once.
type burst struct {
	*visitor
	sent sync.WaitGroup // when each has been sent
	all  sync.WaitGroup
	errs []error
}

// burst makes n calls, of nodes in turn.
func (v *visitor) burst(n int, nodes ...int) *burst {
	v.Helper()
	accounts := make([]*client.Client, len(nodes))
	for i, node := range nodes {
		accounts[i] = v.in.partner("http://" + v.addresses[node]).Account(v.name)
		_, err := accounts[i].Connectors(v.Context()) // has the client sign in
		must(v, err)
	}
	c := &burst{visitor: v, errs: make([]error, n)}
	c.sent.Add(n)
	for i := range n {
		c.all.Go(func() {
			sent := sync.OnceFunc(c.sent.Done)
			defer sent()
			ctx := httptrace.WithClientTrace(v.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { sent() }})
			_, c.errs[i] = accounts[i%len(nodes)].CallMethod(ctx, v.id, deliver, client.MethodInput{})
		})
	}
	return c
}

// work waits until all have an answer, which has to be the third party's.
func (c *burst) work() {
	c.Helper()
	c.all.Wait()
	for _, err := range c.errs {
		must(c, err)
	}
}
