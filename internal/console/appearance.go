package console

import (
	"net/http"

	"github.com/tandem-ipaas/tandem"
)

// looks is what the pages are told of how they are to look.
type looks struct {
	ProductName string
	AccentColor string
	Logo        string
}

// appearance tells whoever asks: it is what anybody sees who comes to sign in.
func (c *Console) appearance(w http.ResponseWriter, r *http.Request) {
	set, err := c.look(r)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, looks(set))
}

// look is that of the partner whose console it is; as Tandem has it where there are
// several, and nobody is signed in.
func (c *Console) look(r *http.Request) (tandem.Appearance, error) {
	var p tandem.PartnerID
	n, err := c.session(r)
	switch tandem.ErrorCode(err) {
	case "":
		p = n.Who.Partner
	case tandem.Unauthenticated:
		p, err = c.services.Partners.OnlyPartner(r.Context())
	}
	if tandem.ErrorCode(err) == tandem.NotFound {
		return tandem.Appearance{}, nil
	}
	if err != nil {
		return tandem.Appearance{}, err
	}
	set, err := c.services.Settings.Get(r.Context(), p)
	return set.Appearance, err
}
