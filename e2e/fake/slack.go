package fake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Slack stands for slack.com and files.slack.com: what went wrong is said with
// the status 200, lists go on by a cursor, and files are uploaded in three calls.
type Slack struct {
	Token                  string
	ClientID, ClientSecret string

	mu       sync.Mutex
	code     string
	channels []object
	users    []object
	messages map[string][]object // by channel, the newest first
	uploads  map[string]object   // by file id
	count    int
	Limited  int // how many calls are still answered 429
}

// NewSlack has n channels and two people.
func NewSlack(token string, n int) *Slack {
	s := &Slack{Token: token, ClientID: "1.2", ClientSecret: "slack-client-secret", messages: map[string][]object{}, uploads: map[string]object{}}
	for i := range n {
		s.channels = append(s.channels, object{"id": fmt.Sprintf("C%03d", i), "name": fmt.Sprintf("channel-%d", i), "is_archived": false, "num_members": i})
	}
	for i, name := range []string{"ada", "grace"} {
		s.users = append(s.users, object{"id": fmt.Sprintf("U%03d", i), "name": name, "real_name": strings.ToUpper(name[:1]) + name[1:], "profile": object{"email": name + "@example.com"}})
	}
	return s
}

// Hosts are those of the API.
func (s *Slack) Hosts() []Host {
	return []Host{{"slack.com", s}, {"files.slack.com", http.HandlerFunc(s.upload)}}
}

// Messages are a channel's, the newest first.
func (s *Slack) Messages(channel string) []map[string]any {
	return kept(&s.mu, func() []object { return s.messages[channel] })
}

// ServeHTTP implements http.Handler.
func (s *Slack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	method := strings.TrimPrefix(r.URL.Path, "/api/")
	switch {
	case r.URL.Path == "/oauth/v2/authorize":
		s.authorise(w, r)
		return
	case method == "oauth.v2.access":
		s.access(w, r)
		return
	case s.Limited > 0:
		s.Limited--
		w.Header().Set("Retry-After", "1")
		write(w, http.StatusTooManyRequests, object{"ok": false, "error": "ratelimited"})
		return
	case r.Header.Get("Authorization") != "Bearer "+s.Token:
		s.fail(w, "invalid_auth")
		return
	}
	in, err := arguments(r)
	if err != nil {
		s.fail(w, "invalid_json")
		return
	}
	call, ok := map[string]func(http.ResponseWriter, object){
		"auth.test": s.test, "chat.postMessage": s.post, "chat.update": s.update, "chat.delete": s.remove, "reactions.add": s.done,
		"conversations.list": s.listChannels, "conversations.history": s.history, "conversations.create": s.createChannel,
		"conversations.join": s.joined, "conversations.invite": s.joined, "users.list": s.listUsers, "users.lookupByEmail": s.findUser,
		"files.getUploadURLExternal": s.beginUpload, "files.completeUploadExternal": s.completeUpload,
	}[method]
	if !ok {
		s.fail(w, "unknown_method")
		return
	}
	call(w, in)
}

// arguments are given in the query, as a form or as JSON.
func arguments(r *http.Request) (object, error) {
	in := object{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return in, json.NewDecoder(r.Body).Decode(&in)
	}
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	for name := range r.Form {
		in[name] = r.Form.Get(name)
	}
	return in, nil
}

func (s *Slack) fail(w http.ResponseWriter, code string) {
	write(w, http.StatusOK, object{"ok": false, "error": code})
}

func (s *Slack) ok(w http.ResponseWriter, o object) {
	o["ok"] = true
	write(w, http.StatusOK, o)
}

// authorise is a person who allows everything.
func (s *Slack) authorise(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if q.Get("client_id") != s.ClientID || !strings.Contains(q.Get("scope"), "chat:write") || q.Get("state") == "" || err != nil {
		http.Error(w, "invalid_client_id, scope or state", http.StatusBadRequest)
		return
	}
	s.count++
	s.code = fmt.Sprint("code-", s.count)
	back.RawQuery = url.Values{"code": {s.code}, "state": {q.Get("state")}}.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (s *Slack) access(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	if id != s.ClientID || secret != s.ClientSecret {
		s.fail(w, "bad_client_secret")
		return
	}
	if code := r.PostFormValue("code"); code == "" || code != s.code {
		s.fail(w, "invalid_code")
		return
	}
	s.code = ""
	s.ok(w, object{"access_token": s.Token, "token_type": "bot", "scope": "chat:write", "bot_user_id": "U999", "team": object{"id": "T1", "name": "Example"}})
}

func (s *Slack) test(w http.ResponseWriter, _ object) {
	s.ok(w, object{"team": "Example", "team_id": "T1", "user": "tandem", "user_id": "U999"})
}

// channel answers for one that is not there.
func (s *Slack) channel(w http.ResponseWriter, id any) object {
	i := slices.IndexFunc(s.channels, func(c object) bool { return c["id"] == id })
	if i < 0 {
		s.fail(w, "channel_not_found")
		return nil
	}
	return s.channels[i]
}

func (s *Slack) post(w http.ResponseWriter, in object) {
	if s.channel(w, in["channel"]) == nil {
		return
	}
	if in["text"] == nil || in["text"] == "" {
		s.fail(w, "no_text")
		return
	}
	s.count++
	ts := fmt.Sprintf("1700000%03d.000100", s.count)
	id := in["channel"].(string)
	s.messages[id] = slices.Insert(s.messages[id], 0, object{"ts": ts, "user": "U999", "text": in["text"], "thread_ts": in["thread_ts"], "blocks": in["blocks"]})
	s.ok(w, object{"channel": id, "ts": ts})
}

func (s *Slack) message(w http.ResponseWriter, in object) int {
	id, _ := in["channel"].(string)
	i := slices.IndexFunc(s.messages[id], func(m object) bool { return m["ts"] == in["ts"] })
	if i < 0 {
		s.fail(w, "message_not_found")
	}
	return i
}

func (s *Slack) update(w http.ResponseWriter, in object) {
	if i := s.message(w, in); i >= 0 {
		s.messages[in["channel"].(string)][i]["text"] = in["text"]
		s.ok(w, object{"channel": in["channel"], "ts": in["ts"]})
	}
}

func (s *Slack) remove(w http.ResponseWriter, in object) {
	if i := s.message(w, in); i >= 0 {
		id := in["channel"].(string)
		s.messages[id] = slices.Delete(s.messages[id], i, i+1)
		s.ok(w, object{"channel": id, "ts": in["ts"]})
	}
}

func (s *Slack) done(w http.ResponseWriter, _ object) { s.ok(w, object{}) }

func (s *Slack) joined(w http.ResponseWriter, in object) {
	if c := s.channel(w, in["channel"]); c != nil {
		s.ok(w, object{"channel": c})
	}
}

// page answers with a part of a list, and a cursor.
func (s *Slack) page(w http.ResponseWriter, in object, name string, all []object) {
	limit, _ := strconv.Atoi(cmp.Or(fmt.Sprint(in["limit"]), "100"))
	start, _ := strconv.Atoi(strings.TrimPrefix(fmt.Sprint(in["cursor"]), "dXNlcjp"))
	end := min(start+max(limit, 1), len(all))
	next := ""
	if end < len(all) {
		next = fmt.Sprint("dXNlcjp", end)
	}
	s.ok(w, object{name: all[min(start, end):end], "response_metadata": object{"next_cursor": next}})
}

func (s *Slack) listChannels(w http.ResponseWriter, in object) { s.page(w, in, "channels", s.channels) }

func (s *Slack) listUsers(w http.ResponseWriter, in object) { s.page(w, in, "members", s.users) }

func (s *Slack) history(w http.ResponseWriter, in object) {
	if s.channel(w, in["channel"]) != nil {
		s.page(w, in, "messages", s.messages[in["channel"].(string)])
	}
}

func (s *Slack) createChannel(w http.ResponseWriter, in object) {
	if slices.ContainsFunc(s.channels, func(c object) bool { return c["name"] == in["name"] }) {
		s.fail(w, "name_taken")
		return
	}
	c := object{"id": fmt.Sprintf("C%03d", len(s.channels)), "name": in["name"], "is_private": in["is_private"]}
	s.channels = append(s.channels, c)
	s.ok(w, object{"channel": c})
}

func (s *Slack) findUser(w http.ResponseWriter, in object) {
	for _, u := range s.users {
		if u["profile"].(object)["email"] == in["email"] {
			s.ok(w, object{"user": u})
			return
		}
	}
	s.fail(w, "users_not_found")
}

func (s *Slack) beginUpload(w http.ResponseWriter, in object) {
	s.count++
	id := fmt.Sprintf("F%03d", s.count)
	s.uploads[id] = object{"id": id, "name": in["filename"], "length": in["length"]}
	s.ok(w, object{"file_id": id, "upload_url": "https://files.slack.com/upload/v1/UP-" + id})
}

func (s *Slack) upload(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	file := s.uploads[strings.TrimPrefix(r.URL.Path, "/upload/v1/UP-")]
	if err != nil || file == nil || fmt.Sprint(file["length"]) != strconv.Itoa(len(content)) {
		http.Error(w, "upload failed", http.StatusBadRequest)
		return
	}
	file["content"] = string(content)
	_, _ = fmt.Fprintf(w, "OK - %d", len(content))
}

func (s *Slack) completeUpload(w http.ResponseWriter, in object) {
	files, _ := in["files"].([]any)
	out := []object{}
	for _, f := range files {
		file := s.uploads[fmt.Sprint(f.(map[string]any)["id"])]
		if file == nil || file["content"] == nil {
			s.fail(w, "file_not_found")
			return
		}
		file["title"] = f.(map[string]any)["title"]
		out = append(out, object{"id": file["id"], "title": file["title"]})
	}
	s.ok(w, object{"files": out})
}

// Uploaded is the content of a file.
func (s *Slack) Uploaded(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	content, _ := s.uploads[id]["content"].(string)
	return content
}
