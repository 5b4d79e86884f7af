package fake

import (
	"cmp"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/golang-jwt/jwt/v5"
)

// Google stands for Google's accounts, for Sheets (google_sheets.go) and for Drive,
// whose answers have only the members that are asked for.
type Google struct {
	consent
	Email string         // of a service account
	Key   *rsa.PublicKey // of it

	mu     sync.Mutex
	files  []object // of Drive, spreadsheets among them
	books  map[string]*book
	number int
}

const (
	sheetType  = "application/vnd.google-apps.spreadsheet"
	folderType = "application/vnd.google-apps.folder"
)

// NewGoogle has n spreadsheets, of which the first has a sheet Parts of rows rows.
func NewGoogle(email string, key *rsa.PublicKey, n, rows int) *Google {
	g := &Google{
		consent: consent{ClientID: "google-client", ClientSecret: "google-secret", scope: "/auth/spreadsheets", pkce: true},
		Email:   email, Key: key, books: map[string]*book{},
	}
	for i := range n {
		g.addBook(fmt.Sprint("Book ", i), "Sheet1")
	}
	parts := &sheet{id: 7, title: "Ada's parts", rows: rows + 10, columns: 26}
	parts.write(1, 0, []any{"Part", "Price", "Unit", "", "Note"})
	for i := range rows {
		parts.write(i+2, 0, []any{fmt.Sprint("Part ", i), i, "pc"})
	}
	first := g.books["book-1"]
	first.sheets = append(first.sheets, parts)
	return g
}

func (g *Google) addBook(title string, sheets ...string) *book {
	g.number++
	b := &book{id: fmt.Sprint("book-", g.number), title: title}
	for i, name := range sheets {
		b.sheets = append(b.sheets, &sheet{id: i, title: name, rows: 1000, columns: 26})
	}
	g.books[b.id] = b
	g.files = append(g.files, object{"id": b.id, "name": title, "mimeType": sheetType, "modifiedTime": "2026-01-01T00:00:00.000Z"})
	return b
}

// Hosts are those of the APIs.
func (g *Google) Hosts() []Host {
	locked := func(f http.HandlerFunc) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			g.mu.Lock()
			defer g.mu.Unlock()
			f(w, r)
		})
	}
	admitted := func(f http.HandlerFunc) http.Handler {
		return locked(func(w http.ResponseWriter, r *http.Request) {
			if !g.admits(r) {
				g.fail(w, http.StatusUnauthorized, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
				return
			}
			f(w, r)
		})
	}
	return []Host{
		{"accounts.google.com", locked(g.page)}, {"oauth2.googleapis.com", locked(g.token)},
		{"www.googleapis.com", admitted(g.drive)}, {"sheets.googleapis.com", admitted(g.sheetsAPI)},
	}
}

// Expire ends the access tokens.
func (g *Google) Expire() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.expire()
}

func (g *Google) fail(w http.ResponseWriter, status int, name, message string) {
	write(w, status, object{"error": object{"code": status, "message": message, "status": name}})
}

func (g *Google) page(w http.ResponseWriter, r *http.Request) {
	if q := r.URL.Query(); q.Get("access_type") != "offline" || q.Get("prompt") != "consent" {
		http.Error(w, "there would be no refresh token", http.StatusBadRequest)
		return
	}
	g.authorise(w, r)
}

func (g *Google) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		write(w, http.StatusBadRequest, object{"error": "invalid_request"})
		return
	}
	if r.PostForm.Get("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		g.assertion(w, r)
		return
	}
	access, refresh, problem := g.grant(r.PostForm)
	if problem != "" {
		write(w, http.StatusBadRequest, object{"error": problem, "error_description": "Bad Request"})
		return
	}
	out := object{"access_token": access, "expires_in": 3599, "token_type": "Bearer"}
	if r.PostForm.Get("grant_type") == "authorization_code" {
		out["refresh_token"] = refresh
	}
	write(w, http.StatusOK, out)
}

func (g *Google) assertion(w http.ResponseWriter, r *http.Request) {
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(
		r.PostForm.Get("assertion"), claims, func(*jwt.Token) (any, error) { return g.Key, nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithExpirationRequired(), jwt.WithIssuer(g.Email), jwt.WithAudience(here(r, "oauth2.googleapis.com/token")),
	)
	switch scope, _ := claims["scope"].(string); {
	case err != nil:
		write(w, http.StatusBadRequest, object{"error": "invalid_grant", "error_description": "Invalid JWT Signature."})
	case !strings.Contains(scope, "/auth/spreadsheets"):
		write(w, http.StatusBadRequest, object{"error": "invalid_scope", "error_description": "Empty or missing scope not allowed."})
	default:
		write(w, http.StatusOK, object{"access_token": g.issue(), "expires_in": 3599, "token_type": "Bearer"})
	}
}

// drive is the API of Drive.
func (g *Google) drive(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/upload"), "/drive/v3/")
	id, rest, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(path, "files"), "/"), "/")
	i := slices.IndexFunc(g.files, func(f object) bool { return f["id"] == id })
	switch {
	case path == "about" && r.URL.Query().Get("fields") == "":
		g.fail(w, http.StatusBadRequest, "INVALID_ARGUMENT", "The 'fields' parameter is required for this method.")
	case path == "about":
		write(w, http.StatusOK, object{"user": object{"displayName": "Ada", "emailAddress": "ada@example.com"}})
	case path == "files" && r.Method == http.MethodGet:
		g.listFiles(w, r)
	case path == "files" && strings.HasPrefix(r.URL.Path, "/upload"):
		g.upload(w, r)
	case path == "files":
		var in object
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			g.fail(w, http.StatusBadRequest, "INVALID_ARGUMENT", err.Error())
			return
		}
		write(w, http.StatusOK, g.keep(in, nil))
	case i < 0:
		write(w, http.StatusNotFound, object{"error": object{"code": 404, "message": "File not found: " + id + ".", "errors": []object{{"reason": "notFound"}}}})
	case rest == "export":
		g.export(w, r, g.files[i])
	case rest == "permissions":
		write(w, http.StatusOK, object{"kind": "drive#permission", "id": "permission-1"})
	case r.Method == http.MethodDelete:
		g.files = slices.Delete(g.files, i, i+1)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodPatch:
		content, _ := io.ReadAll(r.Body)
		g.files[i]["content"], g.files[i]["size"] = content, strconv.Itoa(len(content))
		write(w, http.StatusOK, shown(g.files[i]))
	case r.URL.Query().Get("alt") == "media":
		g.download(w, g.files[i])
	default:
		write(w, http.StatusOK, shown(g.files[i]))
	}
}

func shown(f object) object {
	out := object{}
	for name, v := range f {
		if name != "content" {
			out[name] = v
		}
	}
	return out
}

func (g *Google) keep(f object, content []byte) object {
	g.number++
	f["id"], f["content"], f["size"] = fmt.Sprint("file-", g.number), content, strconv.Itoa(len(content))
	g.files = append(g.files, f)
	return shown(f)
}

func (g *Google) listFiles(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	found := []object{}
	for _, f := range g.files {
		if (!strings.Contains(q.Get("q"), sheetType) || f["mimeType"] == sheetType) && matches(q.Get("q"), fmt.Sprint(f["name"])) {
			found = append(found, shown(f))
		}
	}
	from, _ := strconv.Atoi(strings.TrimPrefix(q.Get("pageToken"), "token-"))
	size, err := strconv.Atoi(cmp.Or(q.Get("pageSize"), "100"))
	if err != nil || size < 1 || size > 1000 || from > len(found) {
		g.fail(w, http.StatusBadRequest, "INVALID_ARGUMENT", "Invalid value for pageSize or pageToken")
		return
	}
	out := object{"files": found[from:min(from+size, len(found))]}
	if from+size < len(found) && strings.Contains(q.Get("fields"), "nextPageToken") {
		out["nextPageToken"] = fmt.Sprint("token-", from+size)
	}
	write(w, http.StatusOK, out)
}

// matches knows name contains '…' of queries.
func matches(query, name string) bool {
	_, rest, ok := strings.Cut(query, "name contains '")
	part, _, _ := strings.Cut(rest, "'")
	return !ok || strings.Contains(name, part)
}

func (g *Google) upload(w http.ResponseWriter, r *http.Request) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/related" || r.URL.Query().Get("uploadType") != "multipart" {
		g.fail(w, http.StatusBadRequest, "INVALID_ARGUMENT", "Bad content type. Please use multipart.")
		return
	}
	parts := multipart.NewReader(r.Body, parameters["boundary"])
	var in object
	var content []byte
	part, err := parts.NextPart()
	if err == nil {
		err = json.NewDecoder(part).Decode(&in)
	}
	if err == nil {
		part, err = parts.NextPart()
	}
	if err == nil {
		content, err = io.ReadAll(part)
	}
	if err != nil {
		g.fail(w, http.StatusBadRequest, "INVALID_ARGUMENT", "Malformed multipart body.")
		return
	}
	if in["mimeType"] == nil {
		in["mimeType"] = part.Header.Get("Content-Type")
	}
	write(w, http.StatusOK, g.keep(in, content))
}

func (g *Google) download(w http.ResponseWriter, f object) {
	if f["mimeType"] == sheetType || f["mimeType"] == folderType {
		g.fail(w, http.StatusForbidden, "PERMISSION_DENIED", "Only files with binary content can be downloaded. Use Export with Docs Editors files.")
		return
	}
	w.Header().Set("Content-Type", fmt.Sprint(f["mimeType"]))
	_, _ = w.Write(f["content"].([]byte))
}

func (g *Google) export(w http.ResponseWriter, r *http.Request, f object) {
	b := g.books[fmt.Sprint(f["id"])]
	if b == nil || r.URL.Query().Get("mimeType") != "text/csv" {
		g.fail(w, http.StatusBadRequest, "INVALID_ARGUMENT", "The requested conversion is not supported.")
		return
	}
	w.Header().Set("Content-Type", "text/csv")
	for _, row := range b.sheets[0].cells {
		text := make([]string, len(row))
		for i, cell := range row {
			text[i] = fmt.Sprint(cell)
		}
		_, _ = fmt.Fprintln(w, strings.Join(text, ","))
	}
}
