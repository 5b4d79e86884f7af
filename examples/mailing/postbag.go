package main

import (
	"strings"
	"sync"
	"time"
)

// List is a mailing list.
type List struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Subscribers int    `json:"subscribers"`
	Duplicates  int    `json:"duplicates"` // requests for an address that was there, by a new key or none
	Replays     int    `json:"replays"`    // requests that came again with the same key
}

// Subscriber is an address on a list.
type Subscriber struct {
	ID           int64     `json:"id"`
	ListID       int64     `json:"list_id"`
	Email        string    `json:"email"` // lower case
	FullName     string    `json:"full_name"`
	Country      string    `json:"country"`
	Source       string    `json:"source"`
	SubscribedAt time.Time `json:"subscribed_at"`
	Requests     int       `json:"requests"` // that were carried out
}

// postbag holds the lists; the one with id n is at n-1.
type postbag struct {
	mu    sync.Mutex
	last  int64 // subscriber id
	lists []*mailing
}

type mailing struct {
	List
	members []*Subscriber // in the order of joining
	byEmail map[string]*Subscriber
	answers map[string]answer // by Idempotency-Key
}

// answer is what a keyed request was answered with.
type answer struct {
	request Subscriber
	result  Subscriber
	created bool
}

// outcome says what a request to subscribe did.
type outcome int

const (
	unknownList outcome = iota
	joined
	wasThere
	keyTaken // used with another request
)

func newPostbag() *postbag { return &postbag{} }

func (p *postbag) addList(name string) List {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := &mailing{
		List:    List{ID: int64(len(p.lists) + 1), Name: name},
		byEmail: map[string]*Subscriber{}, answers: map[string]answer{},
	}
	p.lists = append(p.lists, m)
	return m.List
}

func (p *postbag) all() []List {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]List, len(p.lists))
	for i, m := range p.lists {
		all[i] = m.List
	}
	return all
}

// list finds a list; the caller holds the lock.
func (p *postbag) list(id int64) *mailing {
	if id < 1 || id > int64(len(p.lists)) {
		return nil
	}
	return p.lists[id-1]
}

// subscribe puts an address on a list, or changes what is known of it. With a
// key that was used before it does nothing and gives the answer of that time.
func (p *postbag) subscribe(list int64, key string, in Subscriber) (_ Subscriber, _ outcome, replayed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.list(list)
	if m == nil {
		return Subscriber{}, unknownList, false
	}
	a, replayed := m.answers[key]
	switch {
	case replayed && a.request != in:
		return Subscriber{}, keyTaken, false
	case replayed:
		m.Replays++
	default:
		a = answer{request: in}
		a.result, a.created = p.join(m, in)
		if key != "" {
			m.answers[key] = a
		}
	}
	if a.created {
		return a.result, joined, replayed
	}
	return a.result, wasThere, replayed
}

func (p *postbag) join(m *mailing, in Subscriber) (_ Subscriber, created bool) {
	in.Email = strings.ToLower(in.Email)
	s, there := m.byEmail[in.Email]
	if there {
		m.Duplicates++
		s.FullName, s.Country, s.Source = in.FullName, in.Country, in.Source
	} else {
		p.last++
		s = &in
		s.ID, s.ListID, s.SubscribedAt = p.last, m.ID, time.Now().UTC()
		m.byEmail[s.Email] = s
		m.members = append(m.members, s)
		m.Subscribers++
	}
	s.Requests++
	return *s, !there
}

// members gives a list's subscribers in the order of joining; false when there
// is no such list.
func (p *postbag) members(list int64) ([]Subscriber, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.list(list)
	if m == nil {
		return nil, false
	}
	all := make([]Subscriber, len(m.members))
	for i, s := range m.members {
		all[i] = *s
	}
	return all, true
}

func (p *postbag) member(list int64, email string) (Subscriber, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m := p.list(list); m != nil {
		if s, ok := m.byEmail[strings.ToLower(email)]; ok {
			return *s, true
		}
	}
	return Subscriber{}, false
}
