package fake

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Stripe stands for api.stripe.com: bodies are forms with names in brackets,
// lists go on after an item, and the key is a bearer's, or a user's without a
// password.
type Stripe struct {
	Key string

	mu      sync.Mutex
	objects map[string][]object // by kind, the newest first
	count   int
	keys    map[string]object // answers, by Idempotency-Key
}

// object is one of an API's.
type object map[string]any

// NewStripe has n customers.
func NewStripe(key string, n int) *Stripe {
	s := &Stripe{Key: key, objects: map[string][]object{}, keys: map[string]object{}}
	for i := range n {
		s.add("customers", object{"email": fmt.Sprintf("c%d@example.com", i), "name": fmt.Sprint("Customer ", i)})
	}
	return s
}

// prefixes are how ids of a kind begin.
var prefixes = map[string]string{
	"customers": "cus", "products": "prod", "prices": "price", "payment_intents": "pi", "refunds": "re", "invoiceitems": "ii",
	"invoices": "in", "subscriptions": "sub", "events": "evt", "webhook_endpoints": "we",
}

// Hosts are those of the API.
func (s *Stripe) Hosts() []Host { return []Host{{"api.stripe.com", s}} }

// Kept are the objects of a kind, the newest first.
func (s *Stripe) Kept(kind string) []map[string]any {
	return kept(&s.mu, func() []object { return s.objects[kind] })
}

// ServeHTTP implements http.Handler.
func (s *Stripe) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, password, basic := r.BasicAuth()
	if r.Header.Get("Authorization") != "Bearer "+s.Key && !(basic && user == s.Key && password == "") {
		s.fail(w, http.StatusUnauthorized, "Invalid API Key provided", "")
		return
	}
	if r.Header.Get("Stripe-Version") == "" {
		s.fail(w, http.StatusBadRequest, "This test account has no default version", "")
		return
	}
	if err := r.ParseForm(); err != nil {
		s.fail(w, http.StatusBadRequest, err.Error(), "")
		return
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/v1/"), "/")
	kind := parts[0]
	switch {
	case kind == "balance":
		write(w, http.StatusOK, object{"object": "balance", "available": []object{{"amount": 4200, "currency": "eur"}}, "pending": []object{}})
	case prefixes[kind] == "":
		s.fail(w, http.StatusNotFound, "Unrecognized request URL ("+r.Method+": "+r.URL.Path+")", "")
	case len(parts) == 1 && r.Method == http.MethodGet:
		s.list(w, r, kind)
	case len(parts) == 1 && r.Method == http.MethodPost:
		s.create(w, r, kind)
	case len(parts) == 2 && parts[1] == "search":
		s.search(w, r, kind)
	default:
		s.one(w, r, kind, parts[1:])
	}
}

func (s *Stripe) fail(w http.ResponseWriter, status int, message, param string) {
	e := object{"message": message, "type": "invalid_request_error"}
	if param != "" {
		e["param"] = param
	}
	write(w, status, object{"error": e})
}

func (s *Stripe) add(kind string, o object) object {
	s.count++
	o["id"], o["object"], o["created"] = fmt.Sprintf("%s_%03d", prefixes[kind], s.count), strings.TrimSuffix(kind, "s"), 1_700_000_000+s.count
	s.objects[kind] = slices.Insert(s.objects[kind], 0, o)
	return o
}

func (s *Stripe) list(w http.ResponseWriter, r *http.Request, kind string) {
	since, err := strconv.Atoi(cmp.Or(r.Form.Get("created[gte]"), "0"))
	if err != nil {
		s.fail(w, http.StatusBadRequest, "Invalid integer: "+r.Form.Get("created[gte]"), "created[gte]")
		return
	}
	all := slices.Clone(s.objects[kind])
	all = slices.DeleteFunc(all, func(o object) bool {
		if o["created"].(int) < since {
			return true
		}
		for _, name := range []string{"email", "product", "customer", "status", "type"} {
			if want := r.Form.Get(name); want != "" && o[name] != want {
				return true
			}
		}
		return false
	})
	if after := r.Form.Get("starting_after"); after != "" {
		i := slices.IndexFunc(all, func(o object) bool { return o["id"] == after })
		if i < 0 {
			s.fail(w, http.StatusBadRequest, "No such "+kind+": '"+after+"'", "starting_after")
			return
		}
		all = all[i+1:]
	}
	limit, err := strconv.Atoi(cmp.Or(r.Form.Get("limit"), "10"))
	if err != nil || limit < 1 || limit > 100 {
		s.fail(w, http.StatusBadRequest, "Invalid limit", "limit")
		return
	}
	more := len(all) > limit
	write(w, http.StatusOK, object{"object": "list", "url": r.URL.Path, "has_more": more, "data": all[:min(limit, len(all))]})
}

func (s *Stripe) search(w http.ResponseWriter, r *http.Request, kind string) {
	field, value, _ := strings.Cut(r.Form.Get("query"), ":")
	found := []object{}
	for _, o := range s.objects[kind] {
		if o[field] == strings.Trim(value, "'") {
			found = append(found, o)
		}
	}
	write(w, http.StatusOK, object{"object": "search_result", "has_more": false, "data": found})
}

// required are the members without which nothing of a kind is made.
var required = map[string][]string{
	"products": {"name"}, "payment_intents": {"amount", "currency"}, "refunds": {"payment_intent"}, "invoiceitems": {"customer", "amount", "currency"},
	"invoices": {"customer"}, "subscriptions": {"customer", "items"}, "webhook_endpoints": {"url", "enabled_events"},
}

func (s *Stripe) create(w http.ResponseWriter, r *http.Request, kind string) {
	key := r.Header.Get("Idempotency-Key")
	if o, ok := s.keys[key]; ok && key != "" {
		w.Header().Set("Idempotent-Replayed", "true")
		write(w, http.StatusOK, o)
		return
	}
	o := brackets(r.PostForm)
	for _, name := range required[kind] {
		if o[name] == nil {
			s.fail(w, http.StatusBadRequest, "Missing required param: "+name+".", name)
			return
		}
	}
	switch kind {
	case "products":
		if price, ok := o["default_price_data"].(object); ok {
			delete(o, "default_price_data")
			o["default_price"] = s.add("prices", price)["id"]
		}
	case "payment_intents":
		o["status"] = "requires_payment_method"
	case "refunds":
		o["status"] = "succeeded"
	case "invoices":
		o["status"] = "draft"
	case "subscriptions":
		o["status"], o["current_period_end"] = "active", 1_800_000_000
	case "webhook_endpoints":
		o["secret"] = "whsec_example"
	}
	if amount, ok := o["amount"].(string); ok {
		o["amount"], _ = strconv.Atoi(amount)
	}
	s.keys[key] = s.add(kind, o)
	write(w, http.StatusOK, o)
}

func (s *Stripe) one(w http.ResponseWriter, r *http.Request, kind string, parts []string) {
	i := slices.IndexFunc(s.objects[kind], func(o object) bool { return o["id"] == parts[0] })
	if i < 0 {
		s.fail(w, http.StatusNotFound, "No such "+strings.TrimSuffix(kind, "s")+": '"+parts[0]+"'", "id")
		return
	}
	o := s.objects[kind][i]
	switch {
	case len(parts) == 2:
		o["status"] = map[string]string{"cancel": "canceled", "finalize": "open"}[parts[1]]
	case r.Method == http.MethodDelete && kind == "subscriptions":
		o["status"] = "canceled"
	case r.Method == http.MethodDelete:
		s.objects[kind] = slices.Delete(s.objects[kind], i, i+1)
		o = object{"id": o["id"], "deleted": true}
	case r.Method == http.MethodPost:
		for name, v := range brackets(r.PostForm) {
			o[name] = v
		}
	}
	write(w, http.StatusOK, o)
}

// brackets reads a form whose names have brackets: a[b]=c, a[]=c and a[0][b]=c.
func brackets(form url.Values) object {
	o := object{}
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range form {
			if !yield(name) {
				return
			}
		}
	}) {
		path := strings.Split(strings.ReplaceAll(name, "]", ""), "[")
		if len(path) > 1 && path[len(path)-1] == "" {
			list := []any{}
			for _, v := range form[name] {
				list = append(list, v)
			}
			set(o, path[:len(path)-1], list)
			continue
		}
		set(o, path, form.Get(name))
	}
	return o
}

func set(o object, path []string, v any) {
	for _, name := range path[:len(path)-1] {
		next, ok := o[name].(object)
		if !ok {
			next = object{}
			o[name] = next
		}
		o = next
	}
	o[path[len(path)-1]] = v
}
