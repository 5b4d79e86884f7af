package library

import (
	"encoding/base64"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/e2e/fake"
)

func TestStripe(t *testing.T) {
	api := fake.NewStripe("stripe-test-key", 250)
	w := newWorld(t, []string{"stripe"}, api.Hosts()...)
	stripe := w.install("Stripe", client.Install{AuthValue: "stripe-test-key"})

	if all := stripe.at(stripe.call("List Customers", nil, nil), "[data].id").([]any); len(all) != 250 {
		t.Errorf("%d customers", len(all))
	}
	if calls := w.Calls(); len(calls) != 4 { // the test after installing, and three pages
		t.Errorf("calls %+v", calls)
	}
	if some := stripe.at(stripe.call("List Customers", values{"email": "c7@example.com"}, nil), "[data].name").([]any); !cmp.Equal(some, []any{"Customer 7"}) {
		t.Errorf("customers %v", some)
	}

	ada := stripe.call("Create Customer", nil, values{
		"email": "ada@example.com", "name": "Ada Lovelace", "address.city": "London", "metadata.external_id": "crm-1",
	})
	if got := api.Kept("customers")[0]; got["email"] != "ada@example.com" || !cmp.Equal(stripe.at(ada, "address.city"), any("London")) {
		t.Errorf("kept %v, answered %v", got, ada)
	}
	id := stripe.at(ada, "id")
	stripe.call("Update Customer", values{"Customer": id}, values{"phone": "+44 20 7946 0000"})
	if got := stripe.at(stripe.call("Get Customer", values{"Customer": id}, nil), "phone"); got != "+44 20 7946 0000" {
		t.Errorf("phone %v", got)
	}
	if found := stripe.at(stripe.call("Search Customers", values{"query": "email:'ada@example.com'"}, nil), "[data].id").([]any); !cmp.Equal(found, []any{id}) {
		t.Errorf("found %v", found)
	}

	product := stripe.call("Create Product", nil, values{"name": "Engine", "default_price_data.currency": "gbp", "default_price_data.unit_amount": 129950})
	price := stripe.at(product, "default_price")
	subscription := stripe.call("Create Subscription", nil, values{"customer": id, "[items].price": []any{price}, "[items].quantity": []any{2}})
	if got := stripe.at(stripe.call("Cancel Subscription", values{"Subscription": stripe.at(subscription, "id")}, nil), "status"); got != "canceled" {
		t.Errorf("status %v", got)
	}
	intent := stripe.call("Create Payment Intent", nil, values{"amount": 1999, "currency": "eur", "customer": id})
	if kinds := api.Kept("payment_intents")[0]["payment_method_types"]; !cmp.Equal(kinds, any([]any{"card"})) {
		t.Errorf("kinds %v", kinds)
	}
	stripe.call("Cancel Payment Intent", values{"PaymentIntent": stripe.at(intent, "id")}, values{"cancellation_reason": "duplicate"})
	stripe.call("Create Refund", nil, values{"payment_intent": stripe.at(intent, "id"), "amount": 500})
	stripe.call("Create Invoice Item", nil, values{"customer": id, "amount": 1999, "currency": "eur"})
	invoice := stripe.call("Create Invoice", nil, values{"customer": id, "collection_method": "send_invoice", "days_until_due": 30})
	stripe.call("Finalise Invoice", values{"Invoice": stripe.at(invoice, "id")}, nil)
	if open := stripe.at(stripe.call("List Invoices", values{"status": "open"}, nil), "[data].id").([]any); len(open) != 1 {
		t.Errorf("open invoices %v", open)
	}
	stripe.call("List Products", nil, nil)
	stripe.call("List Prices", nil, nil)
	stripe.call("List Events", nil, nil)
	stripe.call("Get Balance", nil, nil)

	_, err := stripe.try("Create Refund", nil, values{"payment_intent": ""})
	stripe.refused(err, "payment_intent")
	_, err = stripe.try("Get Customer", values{"Customer": "cus_none"}, nil)
	stripe.refused(err, "No such customer: 'cus_none' (id)")
	stripe.call("Delete Customer", values{"Customer": id}, nil)

	basic := w.install("Stripe", client.Install{AuthenticationID: stripe.way("Basic"), AuthValue: base64.StdEncoding.EncodeToString([]byte("stripe-test-key:"))})
	basic.call("Get Balance", nil, nil)
}
