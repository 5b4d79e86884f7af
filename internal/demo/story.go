package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

// The accounts of the story, by API ID, and the lists of the mailing service,
// which come first and second.
const (
	bookshop    = "page-turner-books"
	branch      = "brighton"
	newsletter  = 1
	branchsList = 2
)

type story struct {
	Stage
	added time.Time // when the first contact was added
	took  time.Duration
}

type contact struct {
	First   string `json:"first_name"`
	Last    string `json:"last_name"`
	Email   string `json:"email"`
	Company string `json:"company"`
	Country string `json:"country"`
	Consent bool   `json:"consent"`
}

// contacts are more than two pages of the CRM's list; four gave no consent.
var contacts = []contact{
	{"Ada", "Okafor", "Ada.Okafor@example.com", "Okafor & Daughters", "gb", true},
	{"Bea", "Lindqvist", "bea@lindqvist.example", "", "se", true},
	{"Cem", "Yildiz", "cem@example.com", "Yildiz Print", "tr", false},
	{"Dora", "Weiss", "dora.weiss@example.com", "", "at", true},
	{"Emil", "Novak", "EMIL@example.com", "Novak", "cz", true},
	{"Fay", "Adeyemi", "fay@example.com", "", "ng", false},
	{"Gus", "Marchetti", "gus@example.com", "Marchetti Libri", "it", true},
	{"Hana", "Sato", "hana@example.com", "", "jp", true},
	{"Ivo", "Petrov", "ivo@example.com", "Petrov", "bg", false},
	{"Joy", "Mbeki", "joy@example.com", "", "za", true},
	{"Kit", "O'Brien", "kit@example.com", "", "ie", true},
	{"Lea", "Moreau", "lea@example.com", "Moreau et fils", "fr", false},
}

func consenting() (n int) {
	for _, c := range contacts {
		if c.Consent {
			n++
		}
	}
	return n
}

func (s *story) openAccounts(ctx context.Context) error {
	for _, a := range []client.Account{
		{ID: bookshop, Name: "Page Turner Books", Timezone: "Europe/London"},
		{ID: branch, Name: "Brighton", ParentAccountID: bookshop, Timezone: "Europe/London"},
	} {
		if _, err := s.Tandem.CreateAccount(ctx, a); err != nil {
			return err
		}
	}
	s.say("Acme Software opened an account for Page Turner Books, and in it one for its branch Brighton.")
	return nil
}

// installConnectors installs both in the parent account; Brighton inherits them.
func (s *story) installConnectors(ctx context.Context) error {
	for name, app := range map[string]Application{"Bookshelf CRM": s.CRM, "Postbag": s.Mailing} {
		in := client.Install{AuthValue: app.AuthValue, Properties: []client.Property{{Name: "BaseUrl", Value: app.URL}}}
		if _, err := s.Tandem.Account(bookshop).InstallConnector(ctx, name, in); err != nil {
			return err
		}
	}
	s.say("Page Turner Books installed the connectors Bookshelf CRM and Postbag. Brighton uses them and cannot see their keys.")
	return nil
}

func (s *story) startWebhook(ctx context.Context) error {
	return s.start(ctx, "new-contact.json", bookshop, client.Activation{})
}

func (s *story) startTimer(ctx context.Context) error {
	return s.start(ctx, "changed-contacts.json", branch, client.Activation{Interval: 1})
}

// start imports a template, installs it in an account, and activates the cycle.
func (s *story) start(ctx context.Context, file, account string, how client.Activation) error {
	text, err := fs.ReadFile(s.Templates, file)
	if err != nil {
		return err
	}
	template, err := s.Tandem.ImportTemplate(ctx, json.RawMessage(text))
	if err != nil {
		return err
	}
	cycle, err := s.Tandem.Account(account).InstallTemplate(ctx, template)
	if err != nil {
		return err
	}
	if _, err := s.Tandem.Account(account).Activate(ctx, cycle.ID, how); err != nil {
		return err
	}
	s.say("The template %q was installed in %s, and runs there.", cycle.Name, account)
	return nil
}

func (s *story) addContacts(ctx context.Context) error {
	s.added = time.Now()
	for _, c := range contacts {
		if err := s.CRM.do(ctx, http.MethodPost, "/api/contacts", c, nil); err != nil {
			return err
		}
	}
	s.say("\n%d contacts were added to the CRM, %d of them with consent.", len(contacts), consenting())
	return nil
}

func (s *story) awaitSubscribers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		missing, err := s.missing(ctx)
		if err != nil {
			return err
		}
		if len(missing) == 0 && s.idle(ctx) {
			s.took = time.Since(s.added)
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("missing after %v: %v", time.Since(s.added).Round(time.Second), missing)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// idle says that all transactions are at their end.
func (s *story) idle(ctx context.Context) bool {
	for _, account := range []string{bookshop, branch} {
		all, err := s.Tandem.Account(account).Transactions(ctx, "")
		if err != nil || slices.ContainsFunc(all, func(t tandem.Transaction) bool { return !t.Status.Final() }) {
			return false
		}
	}
	return true
}

// missing lists who should be on a list and is not.
func (s *story) missing(ctx context.Context) (all []string, err error) {
	for list, wanted := range map[int]func(contact) bool{
		newsletter:  func(c contact) bool { return c.Consent },
		branchsList: func(contact) bool { return true },
	} {
		there, err := s.subscribers(ctx, list)
		if err != nil {
			return nil, err
		}
		for _, c := range contacts {
			if wanted(c) && !slices.Contains(there, strings.ToLower(c.Email)) {
				all = append(all, fmt.Sprintf("%s on list %d", c.Email, list))
			}
		}
	}
	return all, nil
}

func (s *story) subscribers(ctx context.Context, list int) ([]string, error) {
	var out struct {
		Subscribers []struct{ Email string }
	}
	if err := s.Mailing.do(ctx, http.MethodGet, fmt.Sprintf("/lists/%d/subscribers", list), nil, &out); err != nil {
		return nil, err
	}
	var emails []string
	for _, sub := range out.Subscribers {
		emails = append(emails, strings.ToLower(sub.Email))
	}
	return emails, nil
}

// report says what each account did, as the API tells it.
func (s *story) report(ctx context.Context) error {
	s.say("The last subscriber appeared after %.1f s.\n", s.took.Seconds())
	for _, account := range []string{bookshop, branch} {
		done, err := s.Tandem.Account(account).Transactions(ctx, "")
		if err != nil {
			return err
		}
		usage, err := s.Tandem.Usage(ctx, account)
		if err != nil {
			return err
		}
		s.say("  %-18s %3d transactions (%s), %d tasks", account, len(done), byStatus(done), usage.TasksUsed)
	}
	return nil
}

// byStatus is "9 Completed, 1 Failed".
func byStatus(all []tandem.Transaction) string {
	count := map[string]int{}
	for _, t := range all {
		count[t.Status.String()]++
	}
	var parts []string
	for status, n := range count {
		parts = append(parts, fmt.Sprintf("%d %s", n, strings.ToLower(status)))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
