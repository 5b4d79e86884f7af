package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// profileShape is who asks: a console user, or a program.
type profileShape struct {
	ConsoleUserID tandem.ConsoleUserID `json:"ConsoleUserId,omitempty"`
	ClientID      string               `json:"ClientId,omitempty" doc:"Of a program, which has no profile."`
	Email         string               `json:",omitempty"`
	Name          string               `json:",omitempty"`
	FullAccess    bool
	Permissions   permissions
	TwoFactor     bool
}

type profileBody struct {
	Name            optional[string] `json:",omitzero"`
	Password        tandem.Secret    `json:",omitempty" doc:"A new one. All your other sessions end."`
	CurrentPassword tandem.Secret    `json:",omitempty" doc:"Required with Password."`
}

// factorBody is what changes of a second factor ask for.
type factorBody struct {
	CurrentPassword tandem.Secret `json:",omitempty"`
	Code            anyText       `json:",omitempty" doc:"Of the second factor, or a recovery code."`
}

type enrolmentShape struct {
	Secret string `doc:"For an app that makes codes, in base32."`
	URL    string `json:"Url" doc:"The same as otpauth://…, for a QR code."`
}

type recoveryShape struct {
	RecoveryCodes []string `doc:"Each works once instead of a code. They are not shown again."`
}

// person is the console user who asks. Errors: Invalid (a program).
func person(ctx context.Context) (tandem.Principal, error) {
	who := by(ctx)
	if who.ConsoleUser == 0 {
		return who, tandem.Invalidf("", "This is for people who are signed in to the console.")
	}
	return who, nil
}

func (a *API) getProfile(ctx context.Context, p tandem.PartnerID, _ *struct{}) (*object[profileShape], error) {
	who := by(ctx)
	if who.ConsoleUser == 0 {
		return one(profileShape{ClientID: who.Client, FullAccess: true, Permissions: permissions{tandem.Everything()}}, nil)
	}
	u, err := a.services.ConsoleUsers.Get(ctx, p, who.ConsoleUser)
	return one(profileShape{
		ConsoleUserID: u.ID, Email: u.Email, Name: u.Name, FullAccess: u.FullAccess, Permissions: permissions{u.Permissions}, TwoFactor: u.TwoFactor,
	}, err)
}

func (a *API) updateProfile(ctx context.Context, p tandem.PartnerID, in *struct{ Body profileBody }) (*object[profileShape], error) {
	who, err := person(ctx)
	if err == nil && in.Body.Name.Set {
		err = a.services.Profile.Rename(ctx, who, in.Body.Name.Value)
	}
	if err == nil && in.Body.Password != "" {
		err = a.services.Profile.SetPassword(ctx, who, in.Body.CurrentPassword, in.Body.Password)
	}
	if err != nil {
		return nil, err
	}
	return a.getProfile(ctx, p, nil)
}

func (a *API) beginTwoFactor(ctx context.Context, _ tandem.PartnerID, in *struct{ Body factorBody }) (*object[enrolmentShape], error) {
	who, err := person(ctx)
	if err != nil {
		return nil, err
	}
	e, err := a.services.Profile.Enrol(ctx, who, in.Body.CurrentPassword)
	return one(enrolmentShape(e), err)
}

func (a *API) confirmTwoFactor(ctx context.Context, _ tandem.PartnerID, in *struct{ Body factorBody }) (*object[recoveryShape], error) {
	who, err := person(ctx)
	if err != nil {
		return nil, err
	}
	codes, err := a.services.Profile.Confirm(ctx, who, string(in.Body.Code))
	return one(recoveryShape{codes}, err)
}

func (a *API) disableTwoFactor(ctx context.Context, _ tandem.PartnerID, in *struct{ Body factorBody }) (*empty, error) {
	who, err := person(ctx)
	if err != nil {
		return nil, err
	}
	return done(a.services.Profile.Disable(ctx, who, in.Body.CurrentPassword, string(in.Body.Code)))
}

func (a *API) createRecoveryCodes(ctx context.Context, _ tandem.PartnerID, in *struct{ Body factorBody }) (*object[recoveryShape], error) {
	who, err := person(ctx)
	if err != nil {
		return nil, err
	}
	codes, err := a.services.Profile.Recover(ctx, who, in.Body.CurrentPassword, string(in.Body.Code))
	return one(recoveryShape{codes}, err)
}
