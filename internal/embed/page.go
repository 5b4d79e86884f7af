package embed

import (
	"bytes"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

//go:embed pages
var files embed.FS

const stylePath = "/account/style.css"

// pages are the templates of pages by name.
type pages map[string]*template.Template

// readPages puts each page into the layout.
func readPages() (pages, error) {
	names, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		return nil, err
	}
	all := pages{}
	for _, name := range names {
		t, err := template.New("layout.html").Funcs(template.FuncMap{"when": when}).ParseFS(files, "pages/layout.html", "pages/part.html", name)
		if err != nil {
			return nil, fmt.Errorf("read page %s: %w", name, err)
		}
		all[strings.TrimSuffix(strings.TrimPrefix(name, "pages/"), ".html")] = t
	}
	return all, nil
}

// when is a time for people to read.
func when(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04") + " UTC" }

// serveStyle gives the style of all pages, in the colour that the address names.
// Anybody may ask for any: it tells nothing of a partner.
func serveStyle(w http.ResponseWriter, r *http.Request) {
	style, err := files.ReadFile("pages/style.css")
	if err != nil {
		http.Error(w, broken, http.StatusInternalServerError)
		return
	}
	look := tandem.Appearance{AccentColor: "#" + r.URL.Query().Get("accent")}
	if look.AccentColor != "#" && look.Check() == nil {
		style = append(style, accented(look.AccentColor)...)
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(style) // the client is gone if this fails
}

// accented is the style of a colour. On dark paper a light shade of it takes its place.
func accented(color string) string {
	return fmt.Sprintf(":root { --accent: light-dark(%[1]s, color-mix(in srgb, %[1]s 45%%, white)); }\n", color)
}

// page is what a template shows.
type page struct {
	Name  string // of the template
	Title string
	Err   error // of the form that is shown again
	Body  any

	visit *visit
	look  tandem.Appearance
	path  string
	nonce string // of the script, if there is one
}

// Account is the name of the account; "" for who is not signed in.
func (p page) Account() string {
	if p.visit == nil {
		return ""
	}
	return p.visit.account.Name
}

// Style is the address of the page's style.
func (p page) Style() string {
	if p.look.AccentColor == "" {
		return stylePath
	}
	return stylePath + "?accent=" + strings.TrimPrefix(p.look.AccentColor, "#")
}

// Product is the name of the partner's product, if there is one.
func (p page) Product() string { return p.look.ProductName }

// Logo is a picture as a data: URL, checked when it was set; "" if there is none.
func (p page) Logo() template.URL { return template.URL(p.look.Logo) }

// Link is the address of another page.
func (p page) Link(path string) string {
	if p.visit == nil {
		return path
	}
	return p.visit.link(path)
}

// Back is the page itself, for forms on it that lead elsewhere.
func (p page) Back() string { return p.path }

// Form is the token of the page's forms.
func (p page) Form() string {
	if p.visit == nil {
		return ""
	}
	return p.visit.form()
}

// Nonce lets the page's script run.
func (p page) Nonce() string { return p.nonce }

// Message is what went wrong, for a person.
func (p page) Message() string { return messageOf(p.Err) }

// broken is all that a person is told when the fault is ours.
const broken = "Something went wrong. Try again in a while."

func messageOf(err error) string {
	if err == nil {
		return ""
	}
	var e *tandem.Error
	if !errors.As(err, &e) || e.Code == tandem.Internal {
		return broken
	}
	return e.Message
}

// show answers with a page; with p.Err, in the status that goes with it.
func (e *Embed) show(w http.ResponseWriter, r *http.Request, v *visit, p page) {
	p.visit, p.look, p.path, p.Err = v, e.appearance(r, v), r.URL.Path, tandem.Told(p.Err)
	status := http.StatusOK
	if p.Err != nil {
		status = e.note(w, r, p.Err)
	}
	var b bytes.Buffer
	if err := e.pages[p.Name].Execute(&b, p); err != nil {
		e.log.ErrorContext(r.Context(), "page could not be made", "page", p.Name, "error", err)
		http.Error(w, broken, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client is gone if this fails
}

// appearance is how the partner's pages look, whose customer somebody is; as Tandem has it
// where that is not known.
func (e *Embed) appearance(r *http.Request, v *visit) tandem.Appearance {
	if v != nil {
		return v.look
	}
	p, err := e.partner(r)
	if err != nil {
		return tandem.Appearance{}
	}
	set, err := e.services.Settings.Get(r.Context(), p)
	if err != nil {
		e.log.WarnContext(r.Context(), "page has no look of its own", "partner", p, "error", err)
	}
	return set.Appearance
}

// scripted is a nonce, by which the page's one script runs.
func scripted(w http.ResponseWriter, v *visit) string {
	nonce := rand.Text()
	setPolicy(w.Header(), v.embed.FrameAncestors(), nonce)
	return nonce
}

// note logs an error that is ours, and gives its status.
func (e *Embed) note(w http.ResponseWriter, r *http.Request, err error) int {
	code := tandem.ErrorCode(err)
	var known *tandem.Error
	switch {
	case code == tandem.Internal:
		e.log.ErrorContext(r.Context(), "page failed", "method", r.Method, "path", r.URL.Path, "error", err)
	case errors.As(err, &known):
		known.Postpone(w.Header())
	}
	return code.Status()
}

// fail answers with an error, on a page of its own. To who is not signed in it
// says nothing worth hiding and offers nothing to press, so that it may be seen
// in any frame: it has to be, where a session has ended in one.
func (e *Embed) fail(w http.ResponseWriter, r *http.Request, v *visit, err error) {
	if v == nil {
		setPolicy(w.Header(), "*", "")
	}
	e.show(w, r, v, page{Name: "message", Title: "That did not work", Err: err})
}

// see sends the browser to another page of the visit, as after every form.
func (v *visit) see(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, v.link(path), http.StatusSeeOther)
	return nil
}

// back is the page that a form says to return to, or else another.
func (v *visit) back(r *http.Request, or string) string {
	if to, ok := relative(r.PostForm.Get("back")); ok {
		return (&url.URL{Path: to.Path}).String()
	}
	return or
}
