package embed

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/tandem-ipaas/tandem"
)

// stall is a package with what the account has of it.
type stall struct {
	tandem.Package
	Cycles []tandem.Cycle
	Path   string
}

// Status is a word for the package as a whole.
func (s stall) Status() string {
	running := func(c tandem.Cycle) bool { return c.Status == tandem.CycleRunning }
	switch {
	case len(s.Cycles) == 0:
		return ""
	case slices.ContainsFunc(s.Cycles, running):
		return "Running"
	}
	return "Paused"
}

// market is a marketplace with all that is in it.
type market struct {
	tandem.Marketplace
	Stalls []stall
}

// marketplaceID errors: NotFound.
func marketplaceID(r *http.Request) (tandem.MarketplaceID, error) {
	id, err := strconv.ParseInt(r.PathValue("marketplace"), 10, 64)
	if err != nil {
		return 0, tandem.NotFoundf("There is no such marketplace.")
	}
	return tandem.MarketplaceID(id), nil
}

func newStall(of tandem.MarketplaceID, k tandem.Package, cycles []tandem.Cycle) stall {
	s := stall{Package: k, Path: tandem.MarketplacePath + of.String() + "/" + k.ID.String()}
	for _, c := range cycles {
		if slices.Contains(k.Templates, c.TemplateID) {
			s.Cycles = append(s.Cycles, c)
		}
	}
	return s
}

func (e *Embed) showMarketplace(w http.ResponseWriter, r *http.Request, v *visit) error {
	id, err := marketplaceID(r)
	if err != nil {
		return err
	}
	m, err := e.services.Marketplaces.Get(r.Context(), v.Who.Partner, id)
	if err != nil {
		return err
	}
	all, err := e.services.Marketplaces.Packages(r.Context(), v.Who.Partner, id)
	if err != nil {
		return err
	}
	cycles, err := e.cycles(r.Context(), v)
	if err != nil {
		return err
	}
	body := market{Marketplace: *m}
	for _, k := range all {
		body.Stalls = append(body.Stalls, newStall(id, k, cycles))
	}
	e.show(w, r, v, page{Name: "marketplace", Title: m.Name, Body: body})
	return nil
}

// packageOf is the package that a path names, and its templates.
func (e *Embed) packageOf(r *http.Request, v *visit) (tandem.MarketplaceID, *tandem.Package, []*tandem.Template, error) {
	of, err := marketplaceID(r)
	if err != nil {
		return 0, nil, nil, err
	}
	id, err := strconv.ParseInt(r.PathValue("package"), 10, 64)
	if err != nil {
		return 0, nil, nil, tandem.NotFoundf("There is no such package.")
	}
	k, err := e.services.Marketplaces.Package(r.Context(), v.Who.Partner, of, tandem.PackageID(id))
	if err != nil {
		return 0, nil, nil, err
	}
	templates, err := e.templates(r.Context(), v, k)
	return of, k, templates, err
}

// templates are those of a package that can be installed.
func (e *Embed) templates(ctx context.Context, v *visit, k *tandem.Package) ([]*tandem.Template, error) {
	var all []*tandem.Template
	for _, id := range k.Templates {
		t, err := e.services.Templates.Get(ctx, v.Who.Partner, id)
		switch {
		case tandem.ErrorCode(err) == tandem.NotFound: // it was deleted
		case err != nil:
			return nil, err
		case t.Live():
			all = append(all, t)
		}
	}
	return all, nil
}

// shop is LAUNCH for packages: all that is not said is as usual.
func (v *visit) shop(of tandem.MarketplaceID) tandem.Launch {
	s, l := tandem.ParseShop(of, v.query), tandem.DefaultLaunch()
	l.InlineOAuth, l.CompleteParameter, l.DisplayDescriptions = s.InlineOAuth, s.CompleteParameter, true
	return l
}

// details is the page of a package.
type details struct {
	stall
	Setup *setup // nil: there is nothing to install
	Home  string
}

func (e *Embed) showPackage(w http.ResponseWriter, r *http.Request, v *visit) error {
	of, k, templates, err := e.packageOf(r, v)
	if err != nil {
		return err
	}
	return e.showPackageForm(w, r, v, of, k, templates, nil)
}

func (e *Embed) showPackageForm(w http.ResponseWriter, r *http.Request, v *visit, of tandem.MarketplaceID, k *tandem.Package, templates []*tandem.Template, refused error) error {
	cycles, err := e.cycles(r.Context(), v)
	if err != nil {
		return err
	}
	d := details{stall: newStall(of, *k, cycles), Home: v.link(tandem.MarketplacePath + of.String())}
	if len(d.Cycles) == 0 && len(templates) > 0 {
		if d.Setup, err = e.templateForm(r, v, v.shop(of), templates...); err != nil {
			return err
		}
	}
	e.show(w, r, v, page{Name: "package", Title: k.Name, Err: refused, Body: d})
	return nil
}

// installPackage installs all templates of a package. What is wrong with one
// does not keep the others from being installed: the last page tells.
func (e *Embed) installPackage(w http.ResponseWriter, r *http.Request, v *visit) error {
	of, k, templates, err := e.packageOf(r, v)
	if err != nil {
		return err
	}
	l := v.shop(of)
	f, err := e.templateForm(r, v, l, templates...)
	switch {
	case err != nil:
		return err
	case len(templates) == 0:
		return tandem.Conflictf("This package cannot be installed at present.")
	case f.missing():
		return e.showPackageForm(w, r, v, of, k, templates, errMissing)
	}
	for _, t := range templates {
		c, err := e.services.Templates.Install(r.Context(), v.Who.Partner, v.Who.Account, t.ID)
		if err != nil {
			return err
		}
		if err := e.apply(r.Context(), v, l, c, r.PostForm); err != nil {
			e.note(w, r, err)
		}
	}
	return v.see(w, r, newStall(of, *k, nil).Path+"/complete")
}

func (e *Embed) showInstalled(w http.ResponseWriter, r *http.Request, v *visit) error {
	of, k, _, err := e.packageOf(r, v)
	if err != nil {
		return err
	}
	all, err := e.cycles(r.Context(), v)
	if err != nil {
		return err
	}
	result := installedPackage{
		AccountID: v.account.ID, AccountAPIID: v.account.APIID, InstallCompleteMessage: k.Name + " is installed.", MarketplacePackageID: k.ID, UserID: v.Who.User,
		CompleteParameter: v.shop(of).CompleteParameter, Cycles: []installedCycle{},
	}
	for _, c := range newStall(of, *k, all).Cycles {
		whole, err := e.services.Cycles.Get(r.Context(), v.Who.Account, c.ID)
		if err != nil {
			return err
		}
		in, err := e.installed(r.Context(), v, whole)
		if err != nil {
			return err
		}
		result.Cycles = append(result.Cycles, in)
	}
	return e.end(w, r, v, ending{Result: result, Cycles: result.Cycles, Again: v.link(tandem.MarketplacePath + of.String())})
}
