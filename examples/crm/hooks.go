package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

const contactCreated = "contact.created"

// Webhook is a subscription, and how its deliveries have gone.
type Webhook struct {
	ID        string `json:"id"`
	Event     string `json:"event"`
	URL       string `json:"url"`
	Delivered int    `json:"delivered"`
	Failed    int    `json:"failed"` // given up after the last attempt
}

// hookOptions are the pace of deliveries; its zero value is the usual one.
type hookOptions struct {
	firstWait time.Duration // before the second attempt; doubles each time; 250 ms
	maxWait   time.Duration // 30 s
	attempts  int           // 10
	parallel  int           // requests under way at once; 16
}

func (o hookOptions) withDefaults() hookOptions {
	o.firstWait = cmp.Or(o.firstWait, 250*time.Millisecond)
	o.maxWait = cmp.Or(o.maxWait, 30*time.Second)
	o.attempts = cmp.Or(o.attempts, 10)
	o.parallel = cmp.Or(o.parallel, 16)
	return o
}

// hooks delivers events to subscribers at least once: an event is sent again,
// with the same Idempotency-Key, until it is answered with 2xx. Events may
// overtake each other.
type hooks struct {
	log    *slog.Logger
	opt    hookOptions
	client *http.Client
	slots  chan struct{}
	ctx    context.Context // of all deliveries
	stop   context.CancelFunc
	under  sync.WaitGroup

	mu   sync.Mutex
	last int
	subs map[string]*subscription
}

type subscription struct {
	Webhook
	ctx  context.Context // ends with the subscription
	stop context.CancelFunc
}

func newHooks(log *slog.Logger, o hookOptions) *hooks {
	o = o.withDefaults()
	ctx, stop := context.WithCancel(context.Background())
	return &hooks{
		log: log, opt: o, ctx: ctx, stop: stop,
		client: &http.Client{Timeout: 10 * time.Second},
		slots:  make(chan struct{}, o.parallel),
		subs:   map[string]*subscription{},
	}
}

// close gives up what is not delivered yet.
func (h *hooks) close() {
	h.stop()
	h.under.Wait()
}

func (h *hooks) subscribe(event, url string) Webhook {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	s := &subscription{Webhook: Webhook{ID: strconv.Itoa(h.last), Event: event, URL: url}}
	s.ctx, s.stop = context.WithCancel(h.ctx)
	h.subs[s.ID] = s
	return s.Webhook
}

func (h *hooks) remove(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, ok := h.subs[id]
	if ok {
		s.stop()
		delete(h.subs, id)
	}
	return ok
}

func (h *hooks) list() []Webhook {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]Webhook, 0, len(h.subs))
	for _, s := range h.subs {
		all = append(all, s.Webhook)
	}
	slices.SortFunc(all, func(a, b Webhook) int {
		return cmp.Or(cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// publish starts the delivery of v to every subscriber of the event.
func (h *hooks) publish(event string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("publish %s: %w", event, err)
	}
	id := "evt_" + rand.Text()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.subs {
		if s.Event == event {
			h.under.Go(func() { h.deliver(s, id, body) })
		}
	}
	return nil
}

func (h *hooks) deliver(s *subscription, event string, body []byte) {
	wait := h.opt.firstWait
	for attempt := 1; ; attempt++ {
		err := h.attempt(s, event, body)
		if s.ctx.Err() != nil {
			return
		}
		if err == nil || attempt == h.opt.attempts {
			h.count(s, err)
			return
		}
		h.log.Warn("webhook will be sent again",
			"webhook", s.ID, "event", event, "attempt", attempt, "wait", wait, "error", err)
		select {
		case <-time.After(wait):
		case <-s.ctx.Done():
			return
		}
		wait = min(2*wait, h.opt.maxWait)
	}
}

func (h *hooks) attempt(s *subscription, event string, body []byte) error {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, s.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Bookshelf-Event", s.Event)
	req.Header.Set("Idempotency-Key", event)
	resp, err := h.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("answered %s", resp.Status)
	}
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	return err
}

func (h *hooks) count(s *subscription, err error) {
	if err != nil {
		h.log.Error("webhook given up", "webhook", s.ID, "error", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil {
		s.Failed++
	} else {
		s.Delivered++
	}
}
