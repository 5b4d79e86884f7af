package embed_test

import (
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// What somebody is called is text, wherever a page shows it.
func TestNamesAreText(t *testing.T) {
	const (
		name     = `</title></h1><script>alert("1")</script><img src=x onerror='alert(1)'>`
		username = `"><script>alert('1')</script>@x.test`
	)
	w := newWorld(t, appConfig)
	w.call(http.MethodPost, "/accounts", object{"Id": "books", "Name": name}, nil)
	w.call(http.MethodPut, "/accounts/books/users", object{"Username": username, "Password": strong}, nil)
	b := w.browser()
	orbit := b.ok(b.open(w.deploy("orbit", "books", object{}).OrbitURL))
	b.ok(b.send(b.ok(b.open("/account/signin")), "/signin", "username", username, "password", strong))
	home := b.ok(b.open("/account/profile"))
	again := b.refused(b.send(b.open("/account/signin"), "/signin", "username", name, "password", "wrong"), http.StatusUnauthorized, "wrong")
	for _, page := range []answer{orbit, home, again} {
		for _, markup := range []string{"<script", "<img"} {
			if strings.Contains(page.text, markup) || !strings.Contains(page.text, "&lt;script&gt;") {
				t.Errorf("%s is markup, or no text, in\n%s", markup, page.text)
			}
		}
	}
}

var input = regexp.MustCompile(`<input [^>]*>`)

// Passwords are hidden as they are typed, and password managers are told which is
// which: they may fill them in, and so may a paste.
func TestPasswordFields(t *testing.T) {
	pages := os.DirFS("pages")
	names, err := fs.Glob(pages, "*.html")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range names {
		text, err := fs.ReadFile(pages, name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "onpaste") {
			t.Errorf("%s minds what is pasted", name)
		}
		for _, field := range input.FindAllString(string(text), -1) {
			if !regexp.MustCompile(`name="[a-z]*[pP]assword"`).MatchString(field) {
				continue
			}
			found++
			if !strings.Contains(field, `type="password"`) || !regexp.MustCompile(`autocomplete="(current|new)-password"`).MatchString(field) {
				t.Errorf("%s: %s", name, field)
			}
		}
	}
	if found < 4 {
		t.Errorf("found %d fields: the test proves little", found)
	}
}
