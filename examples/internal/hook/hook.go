// Package hook is how the sample applications tell others of what happens: webhooks
// that are subscribed to over their APIs.
package hook

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
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem/examples/internal/rest"
)

// Webhook is a subscription, and how its deliveries have gone.
type Webhook struct {
	ID        string `json:"id"`
	Event     string `json:"event"`
	URL       string `json:"url"`
	Pending   int    `json:"pending"` // on their way
	Delivered int    `json:"delivered"`
	Failed    int    `json:"failed"` // given up after the last attempt
}

// Options are the pace of deliveries; its zero value is the usual one.
type Options struct {
	FirstWait time.Duration // before the second attempt; doubles each time; 250 ms
	MaxWait   time.Duration // 30 s
	Attempts  int           // 10
	Parallel  int           // requests under way at once; 16
}

func (o Options) withDefaults() Options {
	o.FirstWait = cmp.Or(o.FirstWait, 250*time.Millisecond)
	o.MaxWait = cmp.Or(o.MaxWait, 30*time.Second)
	o.Attempts = cmp.Or(o.Attempts, 10)
	o.Parallel = cmp.Or(o.Parallel, 16)
	return o
}

// Hub delivers events to subscribers at least once: an event is sent again,
// with the same Idempotency-Key, until it is answered with 2xx. Events may
// overtake each other.
type Hub struct {
	log    *slog.Logger
	header string // that names the event
	opt    Options
	client *http.Client
	slots  chan struct{}
	ctx    context.Context // of all deliveries
	stop   context.CancelFunc
	under  sync.WaitGroup

	mu   sync.Mutex
	last int
	subs map[string]*subscription
}

// Routes are the API by which others subscribe to events, below a path.
func (h *Hub) Routes(path string, events ...string) map[string]rest.Handler {
	return map[string]rest.Handler{
		"GET " + path: func(http.ResponseWriter, *http.Request) (int, any, error) {
			return http.StatusOK, map[string]any{"webhooks": h.list()}, nil
		},
		"POST " + path: func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
			var in struct{ Event, URL string }
			if err := rest.Read(r, &in); err != nil {
				return 0, nil, err
			}
			if !slices.Contains(events, in.Event) {
				return 0, nil, rest.Errorf(http.StatusBadRequest, "event is not one of %s", strings.Join(events, ", "))
			}
			u, err := url.Parse(in.URL)
			if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
				return 0, nil, rest.Errorf(http.StatusBadRequest, "url is not an absolute http or https URL")
			}
			return http.StatusCreated, h.subscribe(in.Event, in.URL), nil
		},
		"DELETE " + path + "/{id}": func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
			if !h.remove(r.PathValue("id")) {
				return 0, nil, rest.Errorf(http.StatusNotFound, "there is no webhook %q", r.PathValue("id"))
			}
			return http.StatusNoContent, nil, nil
		},
	}
}

type subscription struct {
	Webhook
	ctx  context.Context // ends with the subscription
	stop context.CancelFunc
}

// New makes a Hub whose deliveries name their event in a header.
func New(log *slog.Logger, header string, o Options) *Hub {
	o = o.withDefaults()
	ctx, stop := context.WithCancel(context.Background())
	return &Hub{
		log: log, header: header, opt: o, ctx: ctx, stop: stop,
		client: &http.Client{Timeout: 10 * time.Second},
		slots:  make(chan struct{}, o.Parallel),
		subs:   map[string]*subscription{},
	}
}

// Close gives up what is not delivered yet.
func (h *Hub) Close() {
	h.stop()
	h.under.Wait()
}

func (h *Hub) subscribe(event, url string) Webhook {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	s := &subscription{Webhook: Webhook{ID: strconv.Itoa(h.last), Event: event, URL: url}}
	s.ctx, s.stop = context.WithCancel(h.ctx)
	h.subs[s.ID] = s
	return s.Webhook
}

func (h *Hub) remove(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, ok := h.subs[id]
	if ok {
		s.stop()
		delete(h.subs, id)
	}
	return ok
}

func (h *Hub) list() []Webhook {
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

// Publish starts the delivery of v to every subscriber of the event.
func (h *Hub) Publish(event string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("publish %s: %w", event, err)
	}
	id := "evt_" + rand.Text()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.subs {
		if s.Event == event {
			s.Pending++
			h.under.Go(func() { h.deliver(s, id, body) })
		}
	}
	return nil
}

func (h *Hub) deliver(s *subscription, event string, body []byte) {
	wait := h.opt.FirstWait
	for attempt := 1; ; attempt++ {
		err := h.attempt(s, event, body)
		if s.ctx.Err() != nil {
			return
		}
		if err == nil || attempt == h.opt.Attempts {
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
		wait = min(2*wait, h.opt.MaxWait)
	}
}

func (h *Hub) attempt(s *subscription, event string, body []byte) error {
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
	req.Header.Set(h.header, s.Event)
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

func (h *Hub) count(s *subscription, err error) {
	if err != nil {
		h.log.Error("webhook given up", "webhook", s.ID, "error", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	s.Pending--
	if err != nil {
		s.Failed++
	} else {
		s.Delivered++
	}
}
