package main

import (
	"crypto/subtle"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem/examples/internal/hook"
	"github.com/tandem-ipaas/tandem/examples/internal/rest"
)

const maxKey = 255

// subscriberChanged is the event of a subscriber that is new, or of whom something
// else is known than before, or the same once more.
const subscriberChanged = "subscriber.changed"

type server struct {
	postbag *postbag
	hooks   *hook.Hub
}

func newServer(user, password string, p *postbag, h *hook.Hub) http.Handler {
	s := &server{p, h}
	mux := http.NewServeMux()
	routes := h.Routes("/webhooks", subscriberChanged)
	maps.Copy(routes, map[string]rest.Handler{
		"GET /lists":                          s.listLists,
		"POST /lists":                         s.createList,
		"GET /lists/{id}/subscribers":         s.listSubscribers,
		"POST /lists/{id}/subscribers":        s.subscribe,
		"GET /lists/{id}/subscribers/{email}": s.getSubscriber,
	})
	for pattern, h := range routes {
		mux.Handle(pattern, h)
	}
	return authenticate(user, password, mux)
}

func authenticate(user, password string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, p, _ := r.BasicAuth()
		userOK := subtle.ConstantTimeCompare([]byte(u), []byte(user))
		if userOK&subtle.ConstantTimeCompare([]byte(p), []byte(password)) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="Postbag"`)
			rest.Fail(w, rest.Errorf(http.StatusUnauthorized, "user or password is missing or wrong"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *server) listLists(http.ResponseWriter, *http.Request) (int, any, error) {
	return http.StatusOK, map[string]any{"lists": s.postbag.all()}, nil
}

func (s *server) createList(_ http.ResponseWriter, r *http.Request) (int, any, error) {
	var in struct{ Name string }
	if err := rest.Read(r, &in); err != nil {
		return 0, nil, err
	}
	if in.Name == "" {
		return 0, nil, rest.Errorf(http.StatusBadRequest, "name is required")
	}
	return http.StatusCreated, s.postbag.addList(in.Name), nil
}

func (s *server) listSubscribers(_ http.ResponseWriter, r *http.Request) (int, any, error) {
	members, ok := s.postbag.members(listID(r))
	if !ok {
		return 0, nil, noList(r)
	}
	return http.StatusOK, map[string]any{"subscribers": members, "total": len(members)}, nil
}

func (s *server) getSubscriber(_ http.ResponseWriter, r *http.Request) (int, any, error) {
	m, ok := s.postbag.member(listID(r), r.PathValue("email"))
	if !ok {
		return 0, nil, rest.Errorf(http.StatusNotFound, "%q is not on list %q", r.PathValue("email"), r.PathValue("id"))
	}
	return http.StatusOK, m, nil
}

// subscribe answers 201 for a new address, 200 for one that was on the list.
func (s *server) subscribe(w http.ResponseWriter, r *http.Request) (int, any, error) {
	var in struct {
		Email    string `json:"email"`
		FullName string `json:"full_name"`
		Country  string `json:"country"`
		Source   string `json:"source"`
	}
	if err := rest.Read(r, &in); err != nil {
		return 0, nil, err
	}
	key := r.Header.Get("Idempotency-Key")
	switch {
	case !strings.Contains(in.Email, "@"):
		return 0, nil, rest.Errorf(http.StatusBadRequest, "email is required, and has an @")
	case len(key) > maxKey:
		return 0, nil, rest.Errorf(http.StatusBadRequest, "Idempotency-Key is over %d bytes", maxKey)
	}
	m, result, replayed := s.postbag.subscribe(listID(r), key, Subscriber{
		Email: in.Email, FullName: in.FullName, Country: in.Country, Source: in.Source,
	})
	if replayed {
		w.Header().Set("Idempotent-Replayed", "true")
	} else if result == joined || result == wasThere {
		if err := s.hooks.Publish(subscriberChanged, m); err != nil {
			return 0, nil, err
		}
	}
	switch result {
	case joined:
		return http.StatusCreated, m, nil
	case wasThere:
		return http.StatusOK, m, nil
	case keyTaken:
		return 0, nil, rest.Errorf(http.StatusUnprocessableEntity, "Idempotency-Key was used with another request")
	default:
		return 0, nil, noList(r)
	}
}

// listID is 0, which no list has, when the path holds no number.
func listID(r *http.Request) int64 {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	return id
}

func noList(r *http.Request) error {
	return rest.Errorf(http.StatusNotFound, "there is no list %q", r.PathValue("id"))
}
