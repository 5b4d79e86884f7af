package fake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// HubSpot stands for app.hubspot.com and api.hubapi.com: what a record has is in
// its properties, and only those are given that are asked for; lists go on after
// an id that the page before names.
type HubSpot struct {
	consent
	Token string // of a private app

	mu         sync.Mutex
	objects    map[string][]object            // by type
	properties map[string][]object            // by type
	pairs      map[string]map[string][]string // associations, by type/id and type
	count      int
	Limited    int // how many calls are still answered 429
	Asked      int // how many were
}

// NewHubSpot has n contacts.
func NewHubSpot(token string, n int) *HubSpot {
	h := &HubSpot{
		consent: consent{ClientID: "hubspot-client", ClientSecret: "hubspot-secret", scope: "crm.objects.contacts.write", rotates: true},
		Token:   token, objects: map[string][]object{"contacts": nil, "companies": nil, "deals": nil, "tickets": nil, "p1_cars": nil},
		pairs: map[string]map[string][]string{}, count: 100,
	}
	text := func(names ...string) (all []object) {
		for _, name := range names {
			all = append(all, object{"name": name, "label": strings.ToUpper(name[:1]) + name[1:], "type": "string", "fieldType": "text", "hubspotDefined": true})
		}
		return all
	}
	h.properties = map[string][]object{
		"contacts":  text("email", "firstname", "lastname", "phone", "company", "jobtitle", "website", "city", "country", "lifecyclestage", "hubspot_owner_id"),
		"companies": text("name", "domain", "industry", "phone", "city", "country", "numberofemployees", "annualrevenue", "hubspot_owner_id"),
		"deals":     text("dealname", "amount", "pipeline", "dealstage", "closedate", "hubspot_owner_id"),
		"tickets":   text("subject", "content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_priority", "hubspot_owner_id"),
		"p1_cars":   text("model"),
	}
	h.properties["contacts"] = append(
		h.properties["contacts"],
		object{"name": "favourite_colour", "label": "Favourite colour", "type": "enumeration", "options": []object{{"label": "Dark red", "value": "red"}, {"label": "Blue", "value": "blue"}}},
		object{"name": "visits", "label": "Visits", "type": "number", "calculated": true},
		object{"name": "secret_score", "label": "Score", "type": "number", "hidden": true},
	)
	for i := range n {
		h.add("contacts", map[string]any{"email": fmt.Sprintf("c%d@example.com", i), "firstname": fmt.Sprint("Contact ", i), "visits": strconv.Itoa(i)})
	}
	h.add("p1_cars", map[string]any{"model": "Mini"})
	return h
}

// Hosts are those of the API.
func (h *HubSpot) Hosts() []Host {
	return []Host{{"app.hubspot.com", http.HandlerFunc(h.page)}, {"api.hubapi.com", h}}
}

func (h *HubSpot) page(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.authorise(w, r)
}

// Expire ends the access tokens.
func (h *HubSpot) Expire() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.expire()
}

// Kept are the records of a type.
func (h *HubSpot) Kept(kind string) []map[string]any {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []map[string]any
	for _, o := range h.objects[kind] {
		all = append(all, o)
	}
	return all
}

func (h *HubSpot) add(kind string, properties map[string]any) object {
	h.count++
	at := time.Date(2026, 1, 1, 0, 0, h.count, 0, time.UTC).Format(time.RFC3339)
	o := object{"id": strconv.Itoa(h.count), "properties": properties, "createdAt": at, "updatedAt": at, "archived": false}
	h.objects[kind] = append(h.objects[kind], o)
	return o
}

func (h *HubSpot) fail(w http.ResponseWriter, status int, category, message string) {
	write(w, status, object{"status": "error", "message": message, "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf", "category": category})
}

// ServeHTTP implements http.Handler.
func (h *HubSpot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case r.URL.Path == "/oauth/v1/token":
		h.token(w, r)
		return
	case !h.admits(r, h.Token):
		h.fail(w, http.StatusUnauthorized, "EXPIRED_AUTHENTICATION", "The OAuth token used to make this call expired.")
		return
	case h.Limited > 0:
		h.Limited--
		h.Asked++
		w.Header().Set("Retry-After", "1") // or else the next call would be a minute later
		write(w, http.StatusTooManyRequests, object{
			"status": "error", "message": "You have reached your secondly limit.", "errorType": "RATE_LIMIT", "policyName": "SECONDLY", "correlationId": "c033cdaa",
		})
		return
	}
	in := object{}
	if r.Method != http.MethodGet && r.ContentLength != 0 {
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			h.fail(w, http.StatusBadRequest, "VALIDATION_ERROR", "Invalid input JSON")
			return
		}
	}
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch at := strings.Join(parts[:min(3, len(parts))], "/"); {
	case at == "account-info/v3/details":
		write(w, http.StatusOK, object{"portalId": 62515, "accountType": "STANDARD", "timeZone": "Europe/London", "companyCurrency": "GBP", "uiDomain": "app.hubspot.com"})
	case at == "crm/v3/owners":
		write(w, http.StatusOK, object{"results": []object{{"id": "41629779", "email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace", "userId": 9586504, "archived": false}}})
	case at == "crm/v3/schemas":
		write(w, http.StatusOK, object{"results": []object{{"name": "cars", "fullyQualifiedName": "p1_cars", "objectTypeId": "2-3465404", "labels": object{"singular": "Car", "plural": "Cars"}}}})
	case at == "crm/v3/pipelines":
		h.pipelines(w, parts[3:])
	case at == "crm/v3/properties" && h.properties[parts[3]] != nil:
		write(w, http.StatusOK, object{"results": h.properties[parts[3]]})
	case at == "crm/v4/objects":
		h.associations(w, r, parts[3:])
	case at == "crm/v3/objects" && len(parts) > 3:
		h.records(w, r, in, parts[3:])
	default:
		h.fail(w, http.StatusNotFound, "OBJECT_NOT_FOUND", "resource not found")
	}
}

func (h *HubSpot) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm() // what is missing is told below
	access, refresh, problem := h.grant(r.PostForm)
	if problem != "" {
		write(w, http.StatusBadRequest, object{"status": "BAD_AUTH_CODE", "message": problem, "error": problem})
		return
	}
	write(w, http.StatusOK, object{"token_type": "bearer", "access_token": access, "refresh_token": refresh, "expires_in": 1800})
}

func (h *HubSpot) pipelines(w http.ResponseWriter, parts []string) {
	stages := []object{{"id": "appointmentscheduled", "label": "Appointment scheduled", "displayOrder": 0}, {"id": "closedwon", "label": "Closed won", "displayOrder": 1}}
	switch {
	case len(parts) == 1:
		write(w, http.StatusOK, object{"results": []object{{"id": "default", "label": "Sales Pipeline", "displayOrder": 0, "stages": stages}}})
	case parts[1] == "default":
		write(w, http.StatusOK, object{"results": stages})
	default:
		h.fail(w, http.StatusNotFound, "OBJECT_NOT_FOUND", "Pipeline not found: "+parts[1])
	}
}

// show is a record with the properties that are asked for.
func show(o object, names []string) object {
	all, some := o["properties"].(map[string]any), map[string]any{}
	for _, name := range names {
		if v, ok := all[name]; ok {
			some[name] = v
		}
	}
	shown := object{}
	for name, v := range o {
		shown[name] = v
	}
	shown["properties"] = some
	return shown
}

func (h *HubSpot) list(w http.ResponseWriter, all []object, after, size string, most int, names []string) {
	limit, err := strconv.Atoi(cmp.Or(size, "10"))
	if err != nil || limit < 1 || limit > most {
		h.fail(w, http.StatusBadRequest, "VALIDATION_ERROR", fmt.Sprintf("limit must be less than or equal to %d", most))
		return
	}
	start, err := strconv.Atoi(cmp.Or(after, "0"))
	if err != nil || start > len(all) {
		h.fail(w, http.StatusBadRequest, "VALIDATION_ERROR", "Invalid after")
		return
	}
	end := min(start+limit, len(all))
	page := object{"total": len(all)}
	if end < len(all) {
		page["paging"] = object{"next": object{"after": strconv.Itoa(end), "link": "?after=" + strconv.Itoa(end)}}
	}
	results := []object{}
	for _, o := range all[start:end] {
		results = append(results, show(o, names))
	}
	page["results"] = results
	write(w, http.StatusOK, page)
}

func (h *HubSpot) records(w http.ResponseWriter, r *http.Request, in object, parts []string) {
	kind, q := parts[0], r.URL.Query()
	all, ok := h.objects[kind]
	names := strings.Split(q.Get("properties"), ",")
	switch {
	case !ok:
		h.fail(w, http.StatusBadRequest, "VALIDATION_ERROR", "Unable to infer object type from: "+kind)
	case len(parts) == 1 && r.Method == http.MethodGet:
		h.list(w, all, q.Get("after"), q.Get("limit"), 100, names)
	case len(parts) == 1 && r.Method == http.MethodPost:
		if o := h.create(w, kind, in); o != nil {
			write(w, http.StatusCreated, o)
		}
	case len(parts) == 2 && parts[1] == "search":
		h.search(w, kind, in)
	case len(parts) == 3 && parts[1] == "batch":
		h.batch(w, kind, parts[2], in)
	default:
		h.record(w, r, in, kind, parts[1], q, names)
	}
}

func (h *HubSpot) create(w http.ResponseWriter, kind string, in map[string]any) object {
	given, _ := in["properties"].(map[string]any)
	if !h.known(w, kind, given) {
		return nil
	}
	if email := given["email"]; kind == "contacts" && email != nil {
		if i := h.find(kind, "email", fmt.Sprint(email)); i >= 0 {
			h.fail(w, http.StatusConflict, "CONFLICT", fmt.Sprintf("Contact already exists. Existing ID: %s", h.objects[kind][i]["id"]))
			return nil
		}
	}
	return h.add(kind, given)
}

// known refuses properties that there are none of.
func (h *HubSpot) known(w http.ResponseWriter, kind string, given map[string]any) bool {
	for name := range given {
		i := slices.IndexFunc(h.properties[kind], func(p object) bool { return p["name"] == name })
		switch {
		case i < 0:
			h.fail(w, http.StatusBadRequest, "VALIDATION_ERROR", fmt.Sprintf("Property values were not valid: Property \"%s\" does not exist", name))
			return false
		case h.properties[kind][i]["calculated"] == true:
			h.fail(w, http.StatusBadRequest, "VALIDATION_ERROR", fmt.Sprintf("Property values were not valid: \"%s\" is a read only property", name))
			return false
		}
	}
	return true
}

func (h *HubSpot) find(kind, by, value string) int {
	return slices.IndexFunc(h.objects[kind], func(o object) bool {
		if by == "" {
			return o["id"] == value
		}
		return o["properties"].(map[string]any)[by] == value
	})
}

func (h *HubSpot) record(w http.ResponseWriter, r *http.Request, in object, kind, id string, q url.Values, names []string) {
	i := h.find(kind, q.Get("idProperty"), id)
	if i < 0 {
		h.fail(w, http.StatusNotFound, "OBJECT_NOT_FOUND", "Object not found.  objectId are usually numeric.")
		return
	}
	o := h.objects[kind][i]
	switch r.Method {
	case http.MethodPatch:
		if h.change(w, kind, o, in) {
			write(w, http.StatusOK, o)
		}
	case http.MethodDelete:
		h.objects[kind] = slices.Delete(h.objects[kind], i, i+1)
		w.WriteHeader(http.StatusNoContent)
	default:
		write(w, http.StatusOK, show(o, names))
	}
}

func (h *HubSpot) change(w http.ResponseWriter, kind string, o object, in map[string]any) bool {
	given, _ := in["properties"].(map[string]any)
	if !h.known(w, kind, given) {
		return false
	}
	for name, v := range given {
		o["properties"].(map[string]any)[name] = v
	}
	return true
}

// search takes filters that are equal, or not before.
func (h *HubSpot) search(w http.ResponseWriter, kind string, in object) {
	groups, _ := in["filterGroups"].([]any)
	var found []object
	for _, o := range h.objects[kind] {
		if len(groups) == 0 || slices.ContainsFunc(groups, func(g any) bool { return meets(o, g) }) {
			found = append(found, o)
		}
	}
	var names []string
	asked, _ := in["properties"].([]any)
	for _, name := range asked {
		names = append(names, fmt.Sprint(name))
	}
	after, _ := in["after"].(string)
	h.list(w, found, after, fmt.Sprint(in["limit"]), 200, names)
}

func meets(o object, group any) bool {
	filters, _ := group.(map[string]any)["filters"].([]any)
	for _, f := range filters {
		f := f.(map[string]any)
		v, want := o["properties"].(map[string]any)[fmt.Sprint(f["propertyName"])], fmt.Sprint(f["value"])
		switch {
		case strings.HasSuffix(fmt.Sprint(f["propertyName"]), "lastmodifieddate"):
			at, _ := time.Parse(time.RFC3339, o["updatedAt"].(string))
			since, err := strconv.ParseInt(want, 10, 64)
			if err != nil || at.UnixMilli() < since {
				return false
			}
		case f["operator"] != "EQ" || v != want:
			return false
		}
	}
	return true
}

func (h *HubSpot) batch(w http.ResponseWriter, kind, what string, in object) {
	inputs, _ := in["inputs"].([]any)
	if len(inputs) == 0 || len(inputs) > 100 {
		h.fail(w, http.StatusBadRequest, "VALIDATION_ERROR", fmt.Sprintf("The maximum number of inputs supported in a batch request is 100. You sent %d", len(inputs)))
		return
	}
	results := []object{}
	for _, one := range inputs {
		one := one.(map[string]any)
		if what == "create" {
			o := h.create(w, kind, one)
			if o == nil {
				return
			}
			results = append(results, o)
			continue
		}
		by, _ := one["idProperty"].(string)
		i := h.find(kind, by, fmt.Sprint(one["id"]))
		if i < 0 {
			h.fail(w, http.StatusNotFound, "OBJECT_NOT_FOUND", fmt.Sprint("No contact with ID ", one["id"], " exists"))
			return
		}
		if !h.change(w, kind, h.objects[kind][i], one) {
			return
		}
		results = append(results, h.objects[kind][i])
	}
	write(w, map[string]int{"create": http.StatusCreated, "update": http.StatusOK}[what], object{"status": "COMPLETE", "results": results})
}

func (h *HubSpot) associations(w http.ResponseWriter, r *http.Request, parts []string) {
	from := parts[0] + "/" + parts[1]
	if h.find(parts[0], "", parts[1]) < 0 {
		h.fail(w, http.StatusNotFound, "OBJECT_NOT_FOUND", "Object not found.")
		return
	}
	switch {
	case r.Method == http.MethodPut && len(parts) == 6:
		if h.pairs[from] == nil {
			h.pairs[from] = map[string][]string{}
		}
		h.pairs[from][parts[4]] = append(h.pairs[from][parts[4]], parts[5])
		write(w, http.StatusOK, object{"status": "COMPLETE", "results": []object{}})
	case r.Method == http.MethodDelete:
		h.pairs[from][parts[3]] = slices.DeleteFunc(h.pairs[from][parts[3]], func(id string) bool { return id == parts[4] })
		w.WriteHeader(http.StatusNoContent)
	default:
		results := []object{}
		for _, id := range h.pairs[from][parts[3]] {
			results = append(results, object{"toObjectId": json.Number(id), "associationTypes": []object{{"category": "HUBSPOT_DEFINED", "typeId": 1, "label": nil}}})
		}
		write(w, http.StatusOK, object{"results": results})
	}
}
