package api

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// streamRetry is when somebody who has too many streams open may try again.
const streamRetry = 15 * time.Second

// streams are the live streams that are open on this node, each of which costs memory,
// a connection, and questions to the database for as long as it is.
type streams struct {
	perClient, perPartner int // 0: no limit

	mu      sync.Mutex
	client  map[streamer]int
	partner map[tandem.PartnerID]int
}

// streamer is who has streams of a partner.
type streamer struct {
	partner tandem.PartnerID
	actor
}

func newStreams(o Options) *streams {
	return &streams{perClient: o.ClientStreams, perPartner: o.PartnerStreams, client: map[streamer]int{}, partner: map[tandem.PartnerID]int{}}
}

// open takes a place for a stream of who, until ctx is done. Errors: RateLimited.
func (s *streams) open(ctx context.Context, who tandem.Principal) error {
	k := streamer{who.Partner, actor{who.Client, who.ConsoleUser, who.User}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.perClient > 0 && s.client[k] >= s.perClient {
		return tooManyStreams("this client or person", s.perClient)
	}
	if s.perPartner > 0 && s.partner[k.partner] >= s.perPartner {
		return tooManyStreams("this partner", s.perPartner)
	}
	s.client[k]++
	s.partner[k.partner]++
	context.AfterFunc(ctx, func() { s.close(k) })
	return nil
}

func (s *streams) close(k streamer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client[k]--; s.client[k] == 0 {
		delete(s.client, k)
	}
	if s.partner[k.partner]--; s.partner[k.partner] == 0 {
		delete(s.partner, k.partner)
	}
}

func tooManyStreams(of string, most int) error {
	return &tandem.Error{
		Code: tandem.RateLimited, RetryAfter: streamRetry,
		Message: fmt.Sprintf("Too many live streams: %s may have %d open. Close one, or ask now and then instead.", of, most),
	}
}
