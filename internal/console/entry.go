package console

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"

	"github.com/tandem-ipaas/tandem"
)

// maxBody is the most that a body of these requests may hold, in bytes.
const maxBody = 8 << 10

// read reads a request's body into in.
//
// Errors: Unsupported, TooLarge, Invalid.
func read(w http.ResponseWriter, r *http.Request, in any) error {
	// A form on another site cannot send this type without being asked first.
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
		return &tandem.Error{Code: tandem.Unsupported, Message: "Send JSON (Content-Type: application/json)."}
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(in); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return &tandem.Error{Code: tandem.TooLarge, Message: "The request is too large.", Err: err}
		}
		return &tandem.Error{Code: tandem.Invalid, Message: "The request is not valid JSON.", Err: err}
	}
	return nil
}

// entry is what a step of signing in answers: who is signed in, or what is left
// to do.
type entry struct {
	*whoIs
	Next          tandem.EntryStep `json:",omitempty"`
	Token         string           `json:",omitempty"` // for the next step
	RecoveryCodes []string         `json:",omitempty"`
	Partners      []choice         `json:",omitempty"` // to name one of, and sign in again
}

// choice is a partner whose team somebody is of.
type choice struct {
	ID   tandem.PartnerID `json:"Id"`
	Name string
}

// know gives a browser the mark by which it is known; "": it has one.
func (c *Console) know(w http.ResponseWriter, r *http.Request, device tandem.Secret) {
	if device != "" {
		http.SetCookie(w, c.cookie(r, deviceCookie, string(device), deviceAge))
	}
}

// admit begins a session when all is done, and says how far it has come.
func (c *Console) admit(w http.ResponseWriter, r *http.Request, e tandem.Entry, err error) {
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	if e.Next != tandem.EntryDone {
		next := entry{Next: e.Next, Token: string(e.Token)}
		for _, u := range e.Partners {
			next.Partners = append(next.Partners, choice{u.Partner, u.PartnerName})
		}
		answer(w, http.StatusOK, next)
		return
	}
	if err := c.begin(w, r, e.User); err != nil {
		c.refuse(w, r, err)
		return
	}
	c.know(w, r, e.Device)
	u := who(e.User)
	answer(w, http.StatusOK, entry{whoIs: &u, RecoveryCodes: e.RecoveryCodes})
}

func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	e, err := c.checkPassword(w, r)
	c.admit(w, r, e, err)
}

func (c *Console) checkPassword(w http.ResponseWriter, r *http.Request) (tandem.Entry, error) {
	var in struct {
		Email, Password string
		Partner         tandem.PartnerID
	}
	if err := read(w, r, &in); err != nil {
		return tandem.Entry{}, err
	}
	switch {
	case in.Email == "":
		return tandem.Entry{}, tandem.Invalidf("Email", "Email is required")
	case in.Password == "":
		return tandem.Entry{}, tandem.Invalidf("Password", "Password is required")
	}
	return c.services.Entrance.SignIn(r.Context(), tandem.SignIn{
		Email: in.Email, Password: tandem.Secret(in.Password), Partner: in.Partner, Address: tandem.NetworkAddress(r.RemoteAddr), Device: c.inCookie(r, deviceCookie),
	})
}

// step is what the steps after the password are sent.
type step struct {
	Token    tandem.Secret
	Code     string
	Name     string
	Password tandem.Secret
}

// with runs a step on what was sent for it.
func (c *Console) with(w http.ResponseWriter, r *http.Request, do func(step) error) {
	var in step
	err := read(w, r, &in)
	if err == nil && in.Token == "" {
		err = tandem.Invalidf("Token", "Token is required")
	}
	if err == nil {
		err = do(in)
	}
	if err != nil {
		c.refuse(w, r, err)
	}
}

func (c *Console) confirm(w http.ResponseWriter, r *http.Request) {
	c.with(w, r, func(in step) error {
		e, err := c.services.Entrance.Confirm(r.Context(), in.Token, in.Code, tandem.NetworkAddress(r.RemoteAddr))
		c.admit(w, r, e, err)
		return nil
	})
}

func (c *Console) enrol(w http.ResponseWriter, r *http.Request) {
	c.with(w, r, func(in step) error {
		e, err := c.services.Entrance.Enrol(r.Context(), in.Token)
		if err == nil {
			answer(w, http.StatusOK, e)
		}
		return err
	})
}

func (c *Console) invitation(w http.ResponseWriter, r *http.Request) {
	c.with(w, r, func(in step) error {
		u, err := c.services.Entrance.Invitation(r.Context(), in.Token)
		if err == nil {
			answer(w, http.StatusOK, struct{ Email, Partner string }{u.Email, u.PartnerName})
		}
		return err
	})
}

func (c *Console) accept(w http.ResponseWriter, r *http.Request) {
	c.with(w, r, func(in step) error {
		e, err := c.services.Entrance.Accept(r.Context(), in.Token, in.Name, in.Password, tandem.NetworkAddress(r.RemoteAddr))
		c.admit(w, r, e, err)
		return nil
	})
}

func (c *Console) forgot(w http.ResponseWriter, r *http.Request) {
	var in struct{ Email string }
	err := read(w, r, &in)
	if err == nil {
		err = c.services.Entrance.Forgot(r.Context(), in.Email, tandem.NetworkAddress(r.RemoteAddr))
	}
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	none(w)
}

func (c *Console) reset(w http.ResponseWriter, r *http.Request) {
	c.with(w, r, func(in step) error {
		device, err := c.services.Entrance.Reset(r.Context(), in.Token, in.Password)
		if err == nil {
			c.know(w, r, device)
			none(w)
		}
		return err
	})
}
