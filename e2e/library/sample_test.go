package library

import (
	"io"
	"net/http"
	"testing"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/e2e/fake"
)

// The way of all tests here, tried with the smallest connector.
func TestSample(t *testing.T) {
	postbag := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, password, _ := r.BasicAuth(); password != "secret-word" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{"lists":[{"id":7,"name":"Newsletter"}]}`)
	})
	w := newWorld(t, []string{"sample-mailing"}, fake.Host{Name: "postbag.example.com", Handler: postbag})
	base := []client.Property{{Name: "BaseUrl", Value: w.Aim("https://postbag.example.com")}}
	mailing := w.install("Postbag", client.Install{AuthValue: "YWRhOnNlY3JldC13b3Jk", Properties: base})
	if name := mailing.at(mailing.call("List Lists", nil, nil), "[lists].name"); name == nil {
		t.Errorf("lists %v", name)
	}
	for _, c := range w.Calls() {
		if c.Host != "postbag.example.com" || c.Path != "/lists" || c.Status != http.StatusOK {
			t.Errorf("%+v", c)
		}
	}
	wrong := w.install("Postbag", client.Install{AuthValue: "YWRhOndyb25n", Properties: base})
	_, err := wrong.try("List Lists", nil, nil)
	wrong.refused(err, "401")
}
