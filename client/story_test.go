package client_test

import (
	"encoding/json"
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/examples/templates"
)

// gather is a list whole.
func gather[T any](t *testing.T, all iter.Seq2[T, error]) (rows []T) {
	t.Helper()
	for row, err := range all {
		must(t, err)
		rows = append(rows, row)
	}
	return rows
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Each call is made to the API once, which would refuse what it does not know.
func TestRealAPI(t *testing.T) {
	acme, stop, err := installation()
	must(t, err)
	defer stop()
	ctx := t.Context()
	for _, a := range []client.Account{{ID: "books", Name: "Books"}, {ID: "branch", Name: "Branch", ParentAccountID: "books"}} {
		_, err := acme.CreateAccount(ctx, a)
		must(t, err)
	}

	t.Run("accounts", func(t *testing.T) {
		for _, step := range []func() (tandem.Account, error){
			func() (tandem.Account, error) { return acme.SuspendAccount(ctx, "branch") },
			func() (tandem.Account, error) { return acme.ResumeAccount(ctx, "branch") },
			func() (tandem.Account, error) {
				return acme.UpdateAccount(ctx, "branch", client.AccountChange{ParentAccountID: tandem.Null[string](), Name: tandem.Some("Free")})
			},
			func() (tandem.Account, error) { return acme.GetAccount(ctx, "branch") },
		} {
			_, err := step()
			must(t, err)
		}
		if all := gather(t, acme.Subaccounts(ctx, "books")); len(all) != 0 {
			t.Errorf("it was not moved: %v", all)
		}
		must(t, acme.DeleteAccount(ctx, "branch"))
		if gone := gather(t, acme.Accounts(ctx, client.AccountQuery{Deleted: true})); len(gone) != 1 || gone[0].Name != "Free" {
			t.Errorf("deleted: %v", gone)
		}
		_, err := acme.RestoreAccount(ctx, "branch")
		must(t, err)
	})

	t.Run("users", func(t *testing.T) { users(t, acme) })

	t.Run("deploy calls", func(t *testing.T) { deployCalls(t, acme) })

	t.Run("cycles", func(t *testing.T) { cycles(t, acme, acme.Account("books")) })

	t.Run("connectors", func(t *testing.T) {
		books := acme.Account("books")
		crm, err := books.InstallConnector(ctx, "Bookshelf CRM", client.Install{AuthValue: "the key"})
		must(t, err)
		_, err = books.UpdateConnector(ctx, crm.ID, client.ConnectorChange{Name: tandem.Some("CRM")})
		must(t, err)
		must(t, books.Deauthenticate(ctx, crm.ID))
		if got, err := books.Connector(ctx, crm.ID); err != nil || got.Name != "CRM" || got.Authenticated {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := books.CallMethod(ctx, crm.ID, "1000000", client.MethodInput{}); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("a method that is not there: %v", err)
		}
		must(t, books.DeleteConnector(ctx, crm.ID))
	})

	t.Run("usage", func(t *testing.T) {
		used, err := acme.UsageBetween(ctx, "books", time.Now().AddDate(0, 0, -1), time.Now())
		if err != nil || used.TasksUsed != 0 {
			t.Errorf("%+v, %v", used, err)
		}
		if all := gather(t, acme.UsageByAccount(ctx, time.Time{}, time.Time{})); len(all) != 2 {
			t.Errorf("usage %v", all)
		}
		gather(t, acme.BillingPeriods(ctx, "books"))
	})
}

func cycles(t *testing.T, acme, books *client.Client) {
	ctx := t.Context()
	made, err := books.CreateCycle(ctx, client.CycleChange{Name: tandem.Some("one"), Tags: tandem.Some([]string{"a"})})
	must(t, err)
	_, err = books.UpdateCycle(ctx, made.ID, client.CycleChange{Description: tandem.Some("text")})
	must(t, err)
	_, err = books.CopyCycle(ctx, made.ID, "two")
	must(t, err)
	must(t, books.DeleteCycle(ctx, made.ID))
	_, err = books.RestoreCycle(ctx, made.ID)
	must(t, err)
	if all := gather(t, books.Cycles(ctx, client.CycleQuery{Tag: "a", Query: "one"})); len(all) != 1 || all[0].Description != "text" {
		t.Errorf("cycles %v", all)
	}
	if all := gather(t, books.UpgradeableCycles(ctx, client.CycleQuery{})); len(all) != 0 {
		t.Errorf("upgradeable %v", all)
	}
	missing, err := books.Prerequisites(ctx, made.ID)
	if err != nil || len(missing) == 0 {
		t.Errorf("prerequisites %v, %v", missing, err)
	}
	if _, err := books.Activate(ctx, made.ID, client.Activation{}); tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("started without steps: %v", err)
	}
	if _, err := books.UpgradeCycle(ctx, made.ID); tandem.ErrorCode(err) == "" {
		t.Error("upgraded without a template")
	}

	text, err := templates.Files.ReadFile("new-contact.json")
	must(t, err)
	imported, err := acme.ImportTemplate(ctx, json.RawMessage(text))
	must(t, err)
	file, err := acme.ExportTemplate(ctx, imported)
	must(t, err)
	again, err := acme.ImportTemplate(ctx, file)
	must(t, err)
	installed, err := books.InstallTemplate(ctx, again)
	if err != nil || installed.TemplateID != again {
		t.Errorf("%+v, %v", installed, err)
	}
	if steps, err := books.Steps(ctx, installed.ID); err != nil || len(steps) < 2 {
		t.Errorf("steps %v, %v", steps, err)
	}
	must(t, acme.DeleteTemplate(ctx, imported))
	if all := gather(t, acme.Templates(ctx, "crm")); len(all) != 1 || all[0].ID != again {
		t.Errorf("templates %v", all)
	}
	got, err := acme.Template(ctx, again)
	if err != nil || got.ReleaseState != tandem.ReleaseLive {
		t.Errorf("%+v, %v", got, err)
	}
	offered, err := acme.OfferTemplate(ctx, again, got.TemplateReleaseID)
	must(t, err)
	if copied, err := acme.AcceptTemplate(ctx, offered.Code); err != nil || copied.Name != got.Name || copied.ID == again || time.Until(offered.ExpiresAtUTC) < time.Hour {
		t.Errorf("%+v of %+v, %v", copied, offered, err)
	}

	queued := tandem.TransactionQueued
	if all := gather(t, books.EachTransaction(ctx, client.TransactionQuery{Cycle: made.ID, Status: &queued, After: time.Now()})); len(all) != 0 {
		t.Errorf("transactions %v", all)
	}
	job, err := books.StartTransactionJob(ctx, client.TransactionJobStart{Action: tandem.DropTransaction, Status: &queued, After: time.Now().Add(-time.Hour)})
	if err != nil || job.Action != tandem.DropTransaction || job.Status != "Queued" || job.After == nil || job.CreatedBy == "" {
		t.Errorf("%+v, %v", job, err)
	}
	for job.EndedOnUTC == nil && ctx.Err() == nil {
		job, err = books.TransactionJob(ctx, job.ID)
		must(t, err)
	}
	if all := gather(t, books.TransactionJobs(ctx)); len(all) != 1 || all[0].ID != job.ID || job.State != tandem.RepeatJobCompleted {
		t.Errorf("jobs %+v", all)
	}
	if _, err := books.CancelTransactionJob(ctx, job.ID); tandem.ErrorCode(err) != tandem.Conflict {
		t.Errorf("cancelled at its end: %v", err)
	}
	for _, incidents := range []iter.Seq2[tandem.Incident, error]{books.Errors(ctx, time.Time{}, time.Now()), books.Warnings(ctx, time.Time{}, time.Time{}), books.Incidents(ctx, made.ID)} {
		if all := gather(t, incidents); len(all) != 0 {
			t.Errorf("incidents %v", all)
		}
	}
	must(t, books.ClearIncidents(ctx, made.ID))
}

func users(t *testing.T, acme *client.Client) {
	ctx := t.Context()
	amy, err := acme.CreateUser(ctx, client.User{Username: "amy@x.test", Password: "correct horse battery", Accounts: []string{"books"}})
	must(t, err)
	_, err = acme.UpdateUser(ctx, amy.ID, client.UserChange{FirstName: tandem.Some("Amy")})
	must(t, err)
	must(t, acme.SetPassword(ctx, "amy@x.test", "incorrect horse battery"))
	must(t, acme.AddUser(ctx, "books", "bob@x.test", ""))
	if names := gather(t, acme.Usernames(ctx, "books")); strings.Join(names, " ") != "amy@x.test bob@x.test" {
		t.Errorf("users %v", names)
	}
	must(t, acme.RemoveUser(ctx, "books", "bob@x.test"))
	if got, err := acme.User(ctx, amy.ID); err != nil || got.Username != "amy@x.test" {
		t.Errorf("read: %+v, %v", got, err)
	}
	if all := gather(t, acme.Users(ctx, client.UserQuery{Account: "books"})); len(all) != 1 || all[0].FirstName != "Amy" {
		t.Errorf("users %v", all)
	}
	token, err := acme.SignInToken(ctx, "books", "amy@x.test")
	if err != nil || len(token.Token) < 20 || token.ExpiresAtUTC.Before(time.Now()) {
		t.Errorf("%v, %v", token, err)
	}
	must(t, acme.DeleteUser(ctx, amy.ID))
}

func deployCalls(t *testing.T, acme *client.Client) {
	ctx := t.Context()
	who := client.Visitor{AccountID: "books", Username: "cat@x.test", Password: "correct horse battery"}
	var shop struct{ ID tandem.MarketplaceID }
	must(t, acme.Do(ctx, http.MethodPost, "/marketplaces", map[string]string{"Name": "Shop"}, &shop))
	for name, deploy := range map[string]func() (client.Deployment, error){
		"launch": func() (client.Deployment, error) {
			return acme.Launch(ctx, "books", client.LaunchOptions{Wizard: tandem.Some(true)})
		},
		"user launch": func() (client.Deployment, error) { return acme.LaunchFor(ctx, who, client.LaunchOptions{}) },
		"orbit":       func() (client.Deployment, error) { return acme.Orbit(ctx, "books", client.Preparation{}) },
		"user orbit":  func() (client.Deployment, error) { return acme.OrbitFor(ctx, who, client.Preparation{}) },
		"shop": func() (client.Deployment, error) {
			return acme.Marketplace(ctx, "books", client.MarketplaceOptions{MarketplaceID: shop.ID})
		},
		"user shop": func() (client.Deployment, error) {
			return acme.MarketplaceFor(ctx, who, client.MarketplaceOptions{MarketplaceID: shop.ID})
		},
	} {
		d, err := deploy()
		if err != nil || d.AccountID != "books" || !strings.Contains(d.URL, string(d.Token)) {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}
