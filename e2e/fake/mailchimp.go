package fake

import (
	"cmp"
	"crypto/md5" //nolint:gosec // the API's way of naming members
	"encoding/hex"
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

// Mailchimp stands for login.mailchimp.com and the data centre us6: members are
// named by a hash of their address, lists go on by an offset, and the calls of
// webhooks are forms.
type Mailchimp struct {
	consent
	Key string // of the API

	mu      sync.Mutex
	members []object
	hooks   []object
	Batches []int // sizes of those that came
	count   int
}

// audience is the only one.
const audience = "f6a9c1b2d3"

// NewMailchimp has an audience with n members.
func NewMailchimp(n int) *Mailchimp {
	m := &Mailchimp{consent: consent{ClientID: "635959587059", ClientSecret: "mailchimp-secret"}, Key: "0123456789abcdef0123456789abcdef-us6"}
	for i := range n {
		m.add(object{"email_address": fmt.Sprintf("m%d@example.com", i), "status": "subscribed"})
	}
	return m
}

// Hosts are those of the API.
func (m *Mailchimp) Hosts() []Host {
	return []Host{{"login.mailchimp.com", http.HandlerFunc(m.login)}, {"us6.api.mailchimp.com", m}}
}

// Kept are the members.
func (m *Mailchimp) Kept() []map[string]any { return kept(&m.mu, func() []object { return m.members }) }

// Webhooks are those that are there.
func (m *Mailchimp) Webhooks() []map[string]any {
	return kept(&m.mu, func() []object { return m.hooks })
}

// Tell sends an event to all webhooks, and gives the status of the last answer.
func (m *Mailchimp) Tell(event url.Values) (status string, err error) {
	return tell(m.Webhooks(), func(hook map[string]any) (*http.Response, error) { return http.PostForm(hook["url"].(string), event) })
}

func hash(email any) string {
	sum := md5.Sum([]byte(strings.ToLower(fmt.Sprint(email)))) //nolint:gosec // the API's way of naming members
	return hex.EncodeToString(sum[:])
}

func (m *Mailchimp) add(o object) object {
	m.count++
	o["id"], o["list_id"] = hash(o["email_address"]), audience
	o["last_changed"] = time.Date(2026, 1, 1, 0, 0, m.count, 0, time.UTC).Format(time.RFC3339)
	m.members = append(m.members, o)
	return o
}

func (m *Mailchimp) login(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch r.URL.Path {
	case "/oauth2/authorize":
		m.authorise(w, r)
	case "/oauth2/token":
		_ = r.ParseForm() // what is missing is told below
		access, _, problem := m.grant(r.PostForm)
		if problem != "" {
			write(w, http.StatusBadRequest, object{"error": problem})
			return
		}
		write(w, http.StatusOK, object{"access_token": access, "expires_in": 0, "scope": nil})
	case "/oauth2/metadata":
		if !m.admits(r) {
			write(w, http.StatusUnauthorized, object{"error": "invalid_token"})
			return
		}
		write(w, http.StatusOK, object{"dc": "us6", "accountname": "Example", "api_endpoint": "https://us6.api.mailchimp.com", "login": object{"email": "ada@example.com"}})
	default:
		http.NotFound(w, r)
	}
}

func (m *Mailchimp) fail(w http.ResponseWriter, status int, title, detail string, errors ...object) {
	w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
	w.WriteHeader(status)
	e := object{"type": "https://mailchimp.com/developer/marketing/docs/errors/", "title": title, "status": status, "detail": detail, "instance": "995c5cb0"}
	if len(errors) > 0 {
		e["errors"] = errors
	}
	_ = json.NewEncoder(w).Encode(e) // who asks sees what is missing
}

// ServeHTTP implements http.Handler.
func (m *Mailchimp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, password, ok := r.BasicAuth(); !(ok && password == m.Key) && !m.admits(r) {
		m.fail(w, http.StatusUnauthorized, "API Key Invalid", "Your API key may be invalid, or you've attempted to access the wrong datacenter.")
		return
	}
	in := object{}
	if r.ContentLength > 0 {
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			m.fail(w, http.StatusBadRequest, "JSON Parse Error", "We encountered an unspecified JSON parsing error.")
			return
		}
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/3.0/"), "/")
	lists := object{"id": audience, "name": "Newsletter", "stats": object{"member_count": len(m.members)}}
	switch {
	case parts[0] == "ping":
		write(w, http.StatusOK, object{"health_status": "Everything's Chimpy!"})
	case parts[0] == "campaigns":
		m.campaign(w, r, in, parts)
	case parts[0] != "lists" || len(parts) > 1 && parts[1] != audience:
		m.fail(w, http.StatusNotFound, "Resource Not Found", "The requested resource could not be found.")
	case len(parts) == 1:
		m.page(w, r, "lists", []object{lists})
	case len(parts) == 2 && r.Method == http.MethodPost:
		m.batch(w, in)
	case len(parts) == 2:
		write(w, http.StatusOK, lists)
	case parts[2] == "members":
		m.member(w, r, in, parts[3:])
	case parts[2] == "webhooks":
		m.hook(w, r, in, parts[3:])
	default:
		m.about(w, r, in, parts[2:])
	}
}

// page is a part of a list.
func (m *Mailchimp) page(w http.ResponseWriter, r *http.Request, name string, all []object) {
	q := r.URL.Query()
	count, err := strconv.Atoi(cmp.Or(q.Get("count"), "10"))
	offset, bad := strconv.Atoi(cmp.Or(q.Get("offset"), "0"))
	if err != nil || bad != nil || count > 1000 {
		m.fail(w, http.StatusBadRequest, "Invalid Resource", "The resource submitted could not be validated.", object{"field": "count", "message": "must be at most 1000"})
		return
	}
	some := append([]object{}, all[min(offset, len(all)):min(offset+count, len(all))]...)
	write(w, http.StatusOK, object{name: some, "total_items": len(all)})
}

// about is what an audience has besides members.
func (m *Mailchimp) about(w http.ResponseWriter, r *http.Request, in object, parts []string) {
	switch at := strings.Join(parts, "/"); {
	case at == "merge-fields" && r.Method == http.MethodPost:
		in["merge_id"], in["tag"] = 9, cmp.Or(fmt.Sprint(in["tag"]), "MMERGE9")
		write(w, http.StatusOK, in)
	case at == "merge-fields":
		m.page(w, r, "merge_fields", []object{
			{"merge_id": 1, "tag": "FNAME", "name": "First Name", "type": "text"}, {"merge_id": 2, "tag": "LNAME", "name": "Last Name", "type": "text"},
			{"merge_id": 3, "tag": "SIZE", "name": "Size", "type": "dropdown", "options": object{"choices": []string{"S", "M", "L"}}},
			{"merge_id": 4, "tag": "VISITS", "name": "Visits", "type": "number"},
		})
	case at == "segments":
		m.page(w, r, "segments", []object{{"id": 457, "name": "VIPs", "type": "static", "member_count": 1}})
	case at == "segments/457/members":
		m.page(w, r, "members", m.members[:1])
	case at == "segments/457":
		write(w, http.StatusOK, object{"total_added": len(list(in["members_to_add"])), "total_removed": len(list(in["members_to_remove"])), "error_count": 0})
	case at == "tag-search":
		write(w, http.StatusOK, object{"tags": []object{{"id": 1, "name": "Customer"}}})
	case at == "interest-categories":
		m.page(w, r, "categories", []object{{"id": "cat1", "title": "Topics", "type": "checkboxes"}})
	case at == "interest-categories/cat1/interests":
		m.page(w, r, "interests", []object{{"id": "int1", "name": "Engines"}, {"id": "int2", "name": "Looms"}})
	default:
		m.fail(w, http.StatusNotFound, "Resource Not Found", "The requested resource could not be found.")
	}
}

func list(v any) []any {
	all, _ := v.([]any)
	return all
}

// settle checks a member, and says what is wrong with it.
func settle(o map[string]any) []object {
	var wrong []object
	if email := fmt.Sprint(o["email_address"]); !strings.Contains(email, "@") {
		wrong = append(wrong, object{"field": "email_address", "message": "This value should be a valid email."})
	}
	if fields, _ := o["merge_fields"].(map[string]any); fields["SIZE"] != nil && !slices.Contains([]any{"S", "M", "L"}, fields["SIZE"]) {
		wrong = append(wrong, object{"field": "SIZE", "message": "Please choose one."})
	}
	return wrong
}

func (m *Mailchimp) find(id string) int {
	return slices.IndexFunc(m.members, func(o object) bool { return o["id"] == id })
}

func (m *Mailchimp) member(w http.ResponseWriter, r *http.Request, in object, parts []string) {
	if len(parts) == 0 && r.Method == http.MethodGet {
		since := r.URL.Query().Get("since_last_changed")
		all := slices.DeleteFunc(slices.Clone(m.members), func(o object) bool { return o["last_changed"].(string) < since })
		m.page(w, r, "members", all)
		return
	}
	id := hash(in["email_address"])
	if len(parts) > 0 {
		id = parts[0]
	}
	i := m.find(id)
	makes := r.Method == http.MethodPut || len(parts) == 0
	switch wrong := settle(in); {
	case makes && len(wrong) > 0:
		m.fail(w, http.StatusBadRequest, "Invalid Resource", "The resource submitted could not be validated.", wrong...)
	case len(parts) == 0 && i >= 0:
		m.fail(w, http.StatusBadRequest, "Member Exists", fmt.Sprint(in["email_address"], " is already a list member. Use PUT to insert or update list members."))
	case i < 0 && !makes:
		m.fail(w, http.StatusNotFound, "Resource Not Found", "The requested resource could not be found.")
	case i < 0:
		in["status"] = cmp.Or(in["status"], in["status_if_new"])
		delete(in, "status_if_new")
		write(w, http.StatusOK, m.add(in))
	case len(parts) == 2: // tags
		m.members[i]["tags"] = in["tags"]
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodDelete:
		m.members = slices.Delete(m.members, i, i+1)
		w.WriteHeader(http.StatusNoContent)
	default:
		for name, v := range in {
			m.members[i][name] = v
		}
		write(w, http.StatusOK, m.members[i])
	}
}

func (m *Mailchimp) batch(w http.ResponseWriter, in object) {
	all := list(in["members"])
	m.Batches = append(m.Batches, len(all))
	if len(all) == 0 || len(all) > 500 {
		m.fail(w, http.StatusBadRequest, "Invalid Resource", "The resource submitted could not be validated.", object{"field": "members", "message": "must have at most 500"})
		return
	}
	made, wrong := []object{}, []object{}
	for _, one := range all {
		o := one.(map[string]any)
		if len(settle(o)) > 0 || m.find(hash(o["email_address"])) >= 0 {
			wrong = append(wrong, object{"email_address": o["email_address"], "error": "is already a list member", "error_code": "ERROR_CONTACT_EXISTS"})
			continue
		}
		made = append(made, m.add(o))
	}
	write(w, http.StatusOK, object{"new_members": made, "updated_members": []object{}, "errors": wrong, "total_created": len(made), "error_count": len(wrong)})
}

// hook makes a webhook, if its address answers to GET.
func (m *Mailchimp) hook(w http.ResponseWriter, r *http.Request, in object, parts []string) {
	if r.Method == http.MethodDelete {
		m.hooks = slices.DeleteFunc(m.hooks, func(h object) bool { return h["id"] == parts[0] })
		w.WriteHeader(http.StatusNoContent)
		return
	}
	resp, err := http.Get(fmt.Sprint(in["url"]))
	if err != nil || resp.StatusCode != http.StatusOK {
		m.fail(w, http.StatusBadRequest, "Invalid Resource", "The resource submitted could not be validated.", object{"field": "url", "message": "We couldn't verify that the URL is valid"})
		return
	}
	_ = resp.Body.Close()
	m.count++
	in["id"], in["list_id"] = fmt.Sprintf("hook%d", m.count), audience
	m.hooks = append(m.hooks, in)
	write(w, http.StatusOK, in)
}

func (m *Mailchimp) campaign(w http.ResponseWriter, r *http.Request, in object, parts []string) {
	switch {
	case len(parts) == 1 && r.Method == http.MethodGet:
		m.page(w, r, "campaigns", []object{})
	case len(parts) == 1:
		in["id"], in["status"] = "42694e9e57", "save"
		write(w, http.StatusOK, in)
	case parts[len(parts)-1] == "send":
		w.WriteHeader(http.StatusNoContent)
	default:
		write(w, http.StatusOK, in)
	}
}
