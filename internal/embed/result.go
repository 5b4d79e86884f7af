package embed

import (
	"context"
	"net/http"

	"github.com/tandem-ipaas/tandem"
)

// launched is what a page of the vendor's is told of an installed template.
type launched struct {
	AccountID         tandem.AccountID   `json:"accountId"`
	AccountAPIID      string             `json:"accountApiId"`
	CycleID           tandem.CycleID     `json:"cycleId"`
	Status            tandem.CycleStatus `json:"status"`
	UserID            tandem.UserID      `json:"userId"`
	Webhooks          []webhook          `json:"webhooks"`
	Errors            []string           `json:"errors"`
	CompleteParameter string             `json:"completeParameter"`
	TemplateID        tandem.TemplateID  `json:"templateId"`
	TemplateReleaseID tandem.ReleaseID   `json:"templateReleaseId"`
	TemplateTags      []string           `json:"templateTags"`
}

// webhook is where the vendor's product may send what a cycle waits for.
type webhook struct {
	StepName string `json:"stepName"`
	URL      string `json:"url"`
}

// installedPackage is what a page of the vendor's is told of a package.
type installedPackage struct {
	AccountID              tandem.AccountID `json:"accountId"`
	AccountAPIID           string           `json:"accountApiId"`
	InstallCompleteMessage string           `json:"installCompleteMessage"`
	MarketplacePackageID   tandem.PackageID `json:"marketplacePackageId"`
	UserID                 tandem.UserID    `json:"userId"`
	CompleteParameter      string           `json:"completeParameter"`
	Cycles                 []installedCycle `json:"cycles"`
}

type installedCycle struct {
	CycleID           tandem.CycleID     `json:"cycleId"`
	Status            tandem.CycleStatus `json:"status"`
	TemplateID        tandem.TemplateID  `json:"templateId"`
	TemplateReleaseID tandem.ReleaseID   `json:"templateReleaseId"`
	Webhooks          []webhook          `json:"webhooks"`
	Errors            []string           `json:"errors"`

	Name string `json:"-"`
}

// ending is the last page.
type ending struct {
	Result  any
	Origins []string // that are told
	Cycles  []installedCycle
	Again   string // address to begin anew
}

// installed says what became of a cycle.
func (e *Embed) installed(ctx context.Context, v *visit, c *tandem.Cycle) (installedCycle, error) {
	out := installedCycle{
		CycleID: c.ID, Status: c.Status, TemplateID: c.TemplateID, TemplateReleaseID: c.TemplateReleaseID, Webhooks: []webhook{}, Errors: []string{}, Name: c.Name,
	}
	urls, err := e.services.Control.WebhookURLs(ctx, v.Who.Account, c.ID)
	if err != nil {
		return out, err
	}
	for _, step := range c.Graph.Steps {
		if url := urls[step.ID]; url != "" {
			out.Webhooks = append(out.Webhooks, webhook{step.Name, url})
		}
	}
	if c.Status == tandem.CycleRunning {
		return out, nil
	}
	missing, err := e.services.Control.Prerequisites(ctx, v.Who.Account, c.ID)
	for _, m := range missing {
		out.Errors = append(out.Errors, m.Reason)
	}
	return out, err
}

func (e *Embed) showLaunched(w http.ResponseWriter, r *http.Request, v *visit) error {
	id, err := cycleID(r)
	if err != nil {
		return err
	}
	c, err := e.services.Cycles.Get(r.Context(), v.Who.Account, id)
	if err != nil {
		return err
	}
	in, err := e.installed(r.Context(), v, c)
	if err != nil {
		return err
	}
	tags := c.Tags
	if tags == nil {
		tags = []string{}
	}
	return e.end(w, r, v, ending{Cycles: []installedCycle{in}, Again: v.link(tandem.LaunchPath), Result: launched{
		AccountID: v.account.ID, AccountAPIID: v.account.APIID, CycleID: c.ID, Status: c.Status, UserID: v.Who.User, Webhooks: in.Webhooks, Errors: in.Errors,
		CompleteParameter: tandem.ParseLaunch(v.query).CompleteParameter, TemplateID: c.TemplateID, TemplateReleaseID: c.TemplateReleaseID, TemplateTags: tags,
	}})
}

// end shows the last page, which tells the partner's origins, and no others.
func (e *Embed) end(w http.ResponseWriter, r *http.Request, v *visit, last ending) error {
	if last.Origins = v.embed.TargetOrigins; last.Origins == nil {
		last.Origins = []string{}
	}
	e.show(w, r, v, page{Name: "complete", Title: "All set", Body: last, nonce: scripted(w, v)})
	return nil
}
