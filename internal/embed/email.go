package embed

import (
	"net/http"

	"github.com/tandem-ipaas/tandem"
)

// showEmail asks for a press of a button: programs that read mail follow links.
func (e *Embed) showEmail(w http.ResponseWriter, r *http.Request) {
	e.show(w, r, nil, page{Name: "email", Title: "Your new address", Body: r.URL.Query().Get("token")})
}

func (e *Embed) confirmEmail(w http.ResponseWriter, r *http.Request) {
	err := readForm(r)
	if err == nil {
		err = e.services.Profile.ConfirmEmail(r.Context(), tandem.Secret(r.PostForm.Get("token")))
	}
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	e.show(w, r, nil, page{Name: "message", Title: "Your new address", Body: "This is your address from now on."})
}
