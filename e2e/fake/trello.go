package fake

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the protocol's
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Trello stands for trello.com and api.trello.com: OAuth 1.0a, or a key and a token
// in the query; lists go on before an id; errors are plain text; and webhooks are
// tried by a HEAD before they are made.
type Trello struct {
	Key, Secret          string // of the app
	Token                string // of a person, got without signing in
	mu                   sync.Mutex
	tokens               map[string]string // their secrets, of OAuth 1.0a
	callback             string
	verifier             string
	boards, lists, cards []object
	hooks                []object
	files                map[string]string // by attachment
	count                int
}

// NewTrello has a board with two lists, the first of which has n cards.
func NewTrello(n int) *Trello {
	t := &Trello{
		Key: "trello-key", Secret: "trello-secret", Token: "ATTA-trello-token", tokens: map[string]string{}, files: map[string]string{},
		boards: []object{{"id": "5abbe4b7ddc1b351ef961414", "name": "Engines", "closed": false}},
		lists:  []object{{"id": "5abbe4b7ddc1b351ef961501", "name": "To do", "idBoard": "5abbe4b7ddc1b351ef961414"}, {"id": "5abbe4b7ddc1b351ef961502", "name": "Done", "idBoard": "5abbe4b7ddc1b351ef961414"}},
	}
	for i := range n {
		t.card(object{"name": fmt.Sprint("Card ", i), "idList": t.lists[0]["id"]})
	}
	return t
}

// Hosts are those of the API.
func (t *Trello) Hosts() []Host {
	return []Host{{"trello.com", http.HandlerFunc(t.signIn)}, {"api.trello.com", t}}
}

// Kept are the cards, the newest first.
func (t *Trello) Kept() []map[string]any { return kept(&t.mu, func() []object { return t.cards }) }

// Webhooks are those that are there.
func (t *Trello) Webhooks() []map[string]any { return kept(&t.mu, func() []object { return t.hooks }) }

// File is what was attached.
func (t *Trello) File(attachment string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.files[attachment]
}

// Tell sends an action to all webhooks, and gives the status of the last answer.
func (t *Trello) Tell(action map[string]any) (status string, err error) {
	return tell(t.Webhooks(), func(hook map[string]any) (*http.Response, error) {
		text, err := json.Marshal(object{"action": action, "model": object{"id": hook["idModel"]}})
		if err != nil {
			return nil, err
		}
		return http.Post(hook["callbackURL"].(string), "application/json", bytes.NewReader(text))
	})
}

// signIn gives tokens of OAuth 1.0a.
func (t *Trello) signIn(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.URL.Path == "/1/OAuthAuthorizeToken" {
		back, err := url.Parse(t.callback)
		if q := r.URL.Query(); err != nil || t.tokens[q.Get("oauth_token")] == "" || q.Get("scope") != "read,write" {
			http.Error(w, "token not found", http.StatusBadRequest)
			return
		}
		t.verifier = "verifier-" + strconv.Itoa(t.count)
		back.RawQuery = url.Values{"oauth_token": {r.URL.Query().Get("oauth_token")}, "oauth_verifier": {t.verifier}}.Encode()
		http.Redirect(w, r, back.String(), http.StatusFound)
		return
	}
	given, ok := t.signed(r)
	last := r.URL.Path == "/1/OAuthGetAccessToken"
	if !ok || last && (t.verifier == "" || given["oauth_verifier"] != t.verifier) {
		http.Error(w, "invalid signature or verifier", http.StatusUnauthorized)
		return
	}
	if last {
		delete(t.tokens, given["oauth_token"])
		t.verifier = ""
	} else {
		t.callback = given["oauth_callback"]
	}
	t.count++
	token := fmt.Sprintf("oauth-token-%d", t.count)
	t.tokens[token] = token + "-secret"
	w.Header().Set("Content-Type", "application/x-www-form-urlencoded")
	_, _ = io.WriteString(w, url.Values{"oauth_token": {token}, "oauth_token_secret": {t.tokens[token]}, "oauth_callback_confirmed": {"true"}}.Encode())
}

// signed checks a signature of OAuth 1.0a, and gives its parts.
func (t *Trello) signed(r *http.Request) (map[string]string, bool) {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "OAuth ")
	given := map[string]string{}
	var pairs []string
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		value, err := url.PathUnescape(strings.Trim(value, `"`))
		if err != nil {
			return nil, false
		}
		if given[name] = value; name != "oauth_signature" && name != "realm" {
			pairs = append(pairs, escape(name)+"="+escape(value))
		}
	}
	for name, values := range r.URL.Query() {
		for _, v := range values {
			pairs = append(pairs, escape(name)+"="+escape(v))
		}
	}
	slices.Sort(pairs)
	base := r.Method + "&" + escape(here(r, r.Host)+r.URL.EscapedPath()) + "&" + escape(strings.Join(pairs, "&"))
	mac := hmac.New(sha1.New, []byte(escape(t.Secret)+"&"+escape(t.tokens[given["oauth_token"]])))
	_, _ = mac.Write([]byte(base))
	known := given["oauth_token"] == "" || t.tokens[given["oauth_token"]] != ""
	return given, ok && known && given["oauth_consumer_key"] == t.Key && given["oauth_signature_method"] == "HMAC-SHA1" && given["oauth_signature"] == base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// escape is percent-encoding as OAuth 1.0a has it.
func escape(s string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(s))
}

// ServeHTTP implements http.Handler.
func (t *Trello) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := r.URL.Query()
	if q.Get("key") != t.Key || q.Get("token") != t.Token {
		if given, ok := t.signed(r); !ok || given["oauth_token"] == "" {
			http.Error(w, "invalid token", http.StatusUnauthorized)
			return
		}
	}
	parts := strings.Split(strings.Trim(strings.TrimPrefix(r.URL.Path, "/1/"), "/"), "/")
	in := object{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") && r.ContentLength != 0 {
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, "invalid JSON", http.StatusBadRequest)
			return
		}
	}
	switch at := r.Method + " " + parts[0]; at {
	case "GET members":
		t.member(w, parts)
	case "GET boards":
		t.board(w, q, parts)
	case "GET search":
		found := []object{}
		for _, c := range t.cards {
			if strings.Contains(c["name"].(string), q.Get("query")) {
				found = append(found, c)
			}
		}
		write(w, http.StatusOK, object{"cards": found})
	case "POST webhooks":
		t.hook(w, in)
	case "DELETE webhooks":
		t.hooks = slices.DeleteFunc(t.hooks, func(h object) bool { return h["id"] == parts[1] })
		write(w, http.StatusOK, object{"_value": nil})
	case "POST boards", "POST lists", "POST checklists":
		t.make(w, parts, in)
	case "GET lists":
		t.page(w, q, t.cards)
	case "POST cards":
		if len(parts) > 1 {
			t.onCard(w, r, in, parts)
			return
		}
		if !slices.ContainsFunc(t.lists, func(l object) bool { return l["id"] == in["idList"] }) {
			http.Error(w, "invalid value for idList", http.StatusBadRequest)
			return
		}
		write(w, http.StatusOK, t.card(in))
	default:
		t.one(w, r, in, parts)
	}
}

func (t *Trello) id() string {
	t.count++
	return fmt.Sprintf("5abbe4b7ddc1b351ef%06x", t.count)
}

func (t *Trello) card(o object) object {
	o["id"], o["idBoard"], o["closed"] = t.id(), t.boards[0]["id"], false
	t.cards = slices.Insert(t.cards, 0, o)
	return o
}

func (t *Trello) member(w http.ResponseWriter, parts []string) {
	if len(parts) == 3 {
		write(w, http.StatusOK, t.boards)
		return
	}
	write(w, http.StatusOK, object{"id": "5abbe4b7ddc1b351ef960001", "fullName": "Ada Lovelace", "username": "ada"})
}

func (t *Trello) board(w http.ResponseWriter, q url.Values, parts []string) {
	i := slices.IndexFunc(t.boards, func(b object) bool { return b["id"] == parts[1] })
	switch {
	case i < 0:
		http.Error(w, "invalid id", http.StatusBadRequest)
	case len(parts) == 2:
		write(w, http.StatusOK, t.boards[i])
	case parts[2] == "lists":
		write(w, http.StatusOK, t.lists)
	case parts[2] == "cards":
		t.page(w, q, t.cards)
	case parts[2] == "members":
		write(w, http.StatusOK, []object{{"id": "5abbe4b7ddc1b351ef960001", "fullName": "Ada Lovelace", "username": "ada"}})
	case parts[2] == "labels":
		write(w, http.StatusOK, []object{{"id": "5abbe4b7ddc1b351ef960601", "name": "Urgent", "color": "red"}})
	default:
		if since := q.Get("since"); since != "" {
			if _, err := time.Parse(time.RFC3339, since); err != nil {
				http.Error(w, "invalid value for since", http.StatusBadRequest)
				return
			}
		}
		write(w, http.StatusOK, []object{})
	}
}

// page is what there is before an id, the newest first.
func (t *Trello) page(w http.ResponseWriter, q url.Values, all []object) {
	limit, err := strconv.Atoi(cmp.Or(q.Get("limit"), "1000"))
	if err != nil || limit > 1000 {
		http.Error(w, "invalid value for limit", http.StatusBadRequest)
		return
	}
	if before := q.Get("before"); before != "" {
		i := slices.IndexFunc(all, func(o object) bool { return o["id"] == before })
		all = all[i+1:]
	}
	write(w, http.StatusOK, append([]object{}, all[:min(limit, len(all))]...))
}

func (t *Trello) make(w http.ResponseWriter, parts []string, in object) {
	if name, _ := in["name"].(string); name == "" {
		http.Error(w, "invalid value for name", http.StatusBadRequest)
		return
	}
	in["id"] = t.id()
	switch {
	case len(parts) > 1:
		in["state"] = map[bool]string{true: "complete", false: "incomplete"}[in["checked"] == true]
	case parts[0] == "boards":
		t.boards = append(t.boards, in)
	case parts[0] == "lists":
		t.lists = append(t.lists, in)
	}
	write(w, http.StatusOK, in)
}

// hook makes a webhook, if its address answers to HEAD.
func (t *Trello) hook(w http.ResponseWriter, in object) {
	resp, err := http.Head(fmt.Sprint(in["callbackURL"]))
	if err != nil || resp.StatusCode != http.StatusOK {
		http.Error(w, "URL ("+fmt.Sprint(in["callbackURL"])+") did not return 200 status code", http.StatusBadRequest)
		return
	}
	_ = resp.Body.Close()
	if !slices.ContainsFunc(t.boards, func(b object) bool { return b["id"] == in["idModel"] }) {
		http.Error(w, "model not found", http.StatusBadRequest)
		return
	}
	in["id"], in["active"] = t.id(), true
	t.hooks = append(t.hooks, in)
	write(w, http.StatusOK, in)
}

func (t *Trello) onCard(w http.ResponseWriter, r *http.Request, in object, parts []string) {
	switch parts[2] {
	case "attachments":
		file, head, err := r.FormFile("file")
		if err != nil {
			http.Error(w, "Must provide either url or file", http.StatusBadRequest)
			return
		}
		content, _ := io.ReadAll(file)
		id := t.id()
		t.files[id] = string(content)
		write(w, http.StatusOK, object{"id": id, "name": cmp.Or(r.FormValue("name"), head.Filename), "bytes": len(content), "mimeType": head.Header.Get("Content-Type")})
	case "actions":
		write(w, http.StatusOK, object{"id": t.id(), "data": object{"text": in["text"]}, "date": "2026-01-01T00:00:00.000Z"})
	default:
		write(w, http.StatusOK, []any{in["value"]})
	}
}

// one is a card or a list that is there.
func (t *Trello) one(w http.ResponseWriter, r *http.Request, in object, parts []string) {
	all := map[string]*[]object{"cards": &t.cards, "lists": &t.lists, "boards": &t.boards}[parts[0]]
	if all == nil || len(parts) < 2 {
		http.Error(w, "Cannot "+r.Method+" "+r.URL.Path, http.StatusNotFound)
		return
	}
	i := slices.IndexFunc(*all, func(o object) bool { return o["id"] == parts[1] })
	if i < 0 {
		http.Error(w, "The requested resource was not found.", http.StatusNotFound)
		return
	}
	o := (*all)[i]
	switch r.Method {
	case http.MethodPut:
		for name, v := range in {
			o[name] = v
		}
	case http.MethodDelete:
		*all = slices.Delete(*all, i, i+1)
		o = object{"limits": object{}}
	}
	write(w, http.StatusOK, o)
}
