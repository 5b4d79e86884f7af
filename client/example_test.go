package client_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/app"
)

// installation runs one with a partner, until stop.
func installation() (acme *client.Client, stop func(), err error) {
	dir, err := os.MkdirTemp("", "tandem-client-")
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	a, err := app.New(ctx, slog.New(slog.DiscardHandler), app.Config{Data: dir, Listen: "127.0.0.1:0"})
	if err != nil {
		cancel()
		return nil, nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	stop = func() {
		cancel()
		<-ended
		_ = os.RemoveAll(dir)
	}
	keys, err := a.Identity.Setup(ctx, "Acme Software", "ada@acme.test")
	if err != nil {
		stop()
		return nil, nil, err
	}
	return client.New(a.URL(), keys.ClientID, tandem.Secret(keys.ClientSecret)), stop, nil
}

func Example() {
	acme, stop, err := installation() // yours: client.New(url, clientID, secret)
	if err != nil {
		log.Fatal(err)
	}
	defer stop()
	ctx := context.Background()

	// An account for a customer, once, however often this runs within a day.
	books, err := acme.Once("order 17").CreateAccount(ctx, client.Account{ID: "books", Name: "Page Turner Books", Timezone: "Europe/London"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(books.APIID, books.Timezone)

	// A change of one setting; the others stay.
	limit := client.AccountSettings{ConcurrentTransactionLimit: tandem.Some(10)}
	if _, err := acme.UpdateAccount(ctx, "books", client.AccountChange{AccountSettings: limit}); err != nil {
		log.Fatal(err)
	}

	// All accounts, a page at a time.
	for account, err := range acme.Accounts(ctx, client.AccountQuery{Query: "page turner"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(account.Name, *account.ConcurrentTransactionLimit)
	}

	// A connector, in the customer's account.
	crm, err := acme.Account("books").InstallConnector(ctx, "Bookshelf CRM", client.Install{AuthValue: "the key"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(crm.Name, crm.Authenticated)

	// What is wrong, and with which field.
	_, err = acme.CreateAccount(ctx, client.Account{ID: "books", Name: "Again"})
	fmt.Println(tandem.ErrorCode(err))
	// Output:
	// books Europe/London
	// Page Turner Books 10
	// Bookshelf CRM true
	// invalid
}
