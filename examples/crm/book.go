package main

import (
	"strings"
	"sync"
	"time"
)

// Contact is a person in the CRM.
type Contact struct {
	ID              int64     `json:"id"`
	FirstName       string    `json:"first_name"`
	LastName        string    `json:"last_name"`
	Email           string    `json:"email"`
	Company         string    `json:"company"`
	Country         string    `json:"country"` // ISO 3166 alpha-2, in any case
	Consent         bool      `json:"consent"` // may be sent marketing mail
	OrderTotalCents int64     `json:"order_total_cents"`
	CreatedAt       time.Time `json:"created_at"`
	UpdatedAt       time.Time `json:"updated_at"`
}

// book holds the contacts; the one with id n is at n-1.
type book struct {
	mu       sync.Mutex
	contacts []Contact
}

func newBook() *book { return &book{} }

// now is in whole milliseconds, so that a time survives JSON unchanged.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// add gives c an id and its times.
func (b *book) add(c Contact) Contact {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.ID = int64(len(b.contacts) + 1)
	c.CreatedAt = now()
	c.UpdatedAt = c.CreatedAt
	b.contacts = append(b.contacts, c)
	return c
}

func (b *book) get(id int64) (Contact, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if id < 1 || id > int64(len(b.contacts)) {
		return Contact{}, false
	}
	return b.contacts[id-1], true
}

// replace puts c in the place of the contact with its id, which is there.
func (b *book) replace(c Contact) Contact {
	b.mu.Lock()
	defer b.mu.Unlock()
	old := &b.contacts[c.ID-1]
	c.CreatedAt, c.UpdatedAt = old.CreatedAt, now()
	*old = c
	return c
}

// filter is which contacts are wanted.
type filter struct {
	since time.Time // changed at or after it
	email string    // in any case; "": any
}

func (f filter) takes(c Contact) bool {
	return !c.UpdatedAt.Before(f.since) && (f.email == "" || strings.EqualFold(f.email, c.Email))
}

// find gives one page, from 1, of the contacts that are wanted, in the order of
// their ids, and how many there are on all pages.
func (b *book) find(f filter, page, size int) (items []Contact, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	items = []Contact{}
	first := (page - 1) * size
	for _, c := range b.contacts {
		if !f.takes(c) {
			continue
		}
		if total >= first && len(items) < size {
			items = append(items, c)
		}
		total++
	}
	return items, total
}
