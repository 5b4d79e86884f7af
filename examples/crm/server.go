package main

import (
	"crypto/subtle"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/examples/internal/hook"
	"github.com/tandem-ipaas/tandem/examples/internal/rest"
)

const (
	defaultPageSize = 50
	maxPageSize     = 200
	maxPage         = 1_000_000
)

type server struct {
	book  *book
	hooks *hook.Hub
}

// Events that others may hear of.
const (
	contactCreated = "contact.created"
	contactChanged = "contact.changed" // or created
)

func newServer(key string, b *book, h *hook.Hub) http.Handler {
	s := &server{book: b, hooks: h}
	mux := http.NewServeMux()
	routes := h.Routes("/api/webhooks", contactCreated, contactChanged)
	maps.Copy(routes, map[string]rest.Handler{
		"GET /api/contacts":      s.listContacts,
		"POST /api/contacts":     s.createContact,
		"GET /api/contacts/{id}": s.getContact,
		"PUT /api/contacts/{id}": s.updateContact,
	})
	for pattern, h := range routes {
		mux.Handle(pattern, h)
	}
	return authenticate(key, mux)
}

func authenticate(key string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Api-Key")), []byte(key)) != 1 {
			rest.Fail(w, rest.Errorf(http.StatusUnauthorized, "X-Api-Key is missing or wrong"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

type contactPage struct {
	Contacts []Contact `json:"contacts"`
	Page     int       `json:"page"`
	Pages    int       `json:"pages"`
	Total    int       `json:"total"`
}

func (s *server) listContacts(_ http.ResponseWriter, r *http.Request) (int, any, error) {
	q := r.URL.Query()
	page, err := number(q, "page", 1, maxPage)
	if err != nil {
		return 0, nil, err
	}
	size, err := number(q, "page_size", defaultPageSize, maxPageSize)
	if err != nil {
		return 0, nil, err
	}
	var since time.Time
	if t := q.Get("updated_since"); t != "" {
		if since, err = time.Parse(time.RFC3339, t); err != nil {
			return 0, nil, rest.Errorf(http.StatusBadRequest, "updated_since is not an RFC 3339 time")
		}
	}
	items, total := s.book.find(filter{since: since, email: q.Get("email")}, page, size)
	return http.StatusOK, contactPage{Contacts: items, Page: page, Pages: (total + size - 1) / size, Total: total}, nil
}

// number reads a query parameter from 1 to limit.
func number(q url.Values, name string, absent, limit int) (int, error) {
	text := q.Get(name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > limit {
		return 0, rest.Errorf(http.StatusBadRequest, "%s is not a number from 1 to %d", name, limit)
	}
	return n, nil
}

func (s *server) createContact(_ http.ResponseWriter, r *http.Request) (int, any, error) {
	c, err := readContact(r, Contact{})
	if err != nil {
		return 0, nil, err
	}
	c = s.book.add(c)
	return http.StatusCreated, c, errors.Join(s.hooks.Publish(contactCreated, c), s.hooks.Publish(contactChanged, c))
}

func (s *server) getContact(_ http.ResponseWriter, r *http.Request) (int, any, error) {
	c, err := s.contact(r)
	return http.StatusOK, c, err
}

// updateContact changes what the body has and leaves the rest.
func (s *server) updateContact(_ http.ResponseWriter, r *http.Request) (int, any, error) {
	old, err := s.contact(r)
	if err != nil {
		return 0, nil, err
	}
	c, err := readContact(r, old)
	if err != nil {
		return 0, nil, err
	}
	c.ID = old.ID
	c = s.book.replace(c)
	return http.StatusOK, c, s.hooks.Publish(contactChanged, c)
}

func (s *server) contact(r *http.Request) (Contact, error) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	c, ok := s.book.get(id)
	if !ok {
		return c, rest.Errorf(http.StatusNotFound, "there is no contact %q", r.PathValue("id"))
	}
	return c, nil
}

// readContact reads the body over c.
func readContact(r *http.Request, c Contact) (Contact, error) {
	if err := rest.Read(r, &c); err != nil {
		return c, err
	}
	if !strings.Contains(c.Email, "@") {
		return c, rest.Errorf(http.StatusBadRequest, "email is required, and has an @")
	}
	return c, nil
}
