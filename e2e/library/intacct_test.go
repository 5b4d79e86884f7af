package library

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/e2e/fake"
)

func TestSageIntacct(t *testing.T) {
	api := fake.NewIntacct(2500)
	w := newWorld(t, []string{"sage-intacct"}, api.Hosts()...)
	intacct := w.install("Sage Intacct", client.Install{AuthValue: intacctUser(t, api, api.UserPassword)})
	intacct.tested()

	// Pages go on by an id that stays the same.
	api.Asked = nil
	all := intacct.at(intacct.call("List Customers", nil, nil), "[records].CUSTOMERID").([]any)
	if len(all) != 2500 || all[2499] != "C2499" || !cmp.Equal(api.Asked, []string{"readByQuery", "readMore", "readMore"}) {
		t.Errorf("%d customers by %v", len(all), api.Asked)
	}
	one := intacct.call("List Customers", values{"ChangedSince": "01/02/2026 03:04:05"}, values{"operation.content.function.readByQuery.query": "NAME = 'Customer 7'"})
	if got := intacct.at(one, "[records].CUSTOMERID"); !cmp.Equal(got, any([]any{"C7"})) || api.Asked[3] != "readByQuery (NAME = 'Customer 7') AND WHENMODIFIED >= '01/02/2026 03:04:05'" {
		t.Errorf("found %v by %q", got, api.Asked[3])
	}

	const c, u = "operation.content.function.create.", "operation.content.function.update."
	ada := values{c + "CUSTOMER.CUSTOMERID": "ADA", c + "CUSTOMER.NAME": "Ada & Daughters", c + "CUSTOMER.DISPLAYCONTACT.PRINTAS": "Ada", c + "CUSTOMER.DISPLAYCONTACT.MAILADDRESS.CITY": "London"}
	if got := intacct.call("Create Customer", nil, ada); intacct.at(got, "record.CUSTOMERID") != "ADA" || intacct.at(got, "record.RECORDNO") == nil {
		t.Errorf("created %v", got)
	}
	intacct.call("Update Customer", nil, values{u + "CUSTOMER.CUSTOMERID": "ADA", u + "CUSTOMER.STATUS": "inactive"})
	if got := api.Value("CUSTOMER", "STATUS") + " " + api.Value("CUSTOMER", "NAME") + " " + api.Value("CUSTOMER", "DISPLAYCONTACT", "MAILADDRESS", "CITY"); got != "inactive Ada & Daughters London" {
		t.Errorf("customer %q", got)
	}
	intacct.call("Create Vendor", nil, values{c + "VENDOR.VENDORID": "V1", c + "VENDOR.NAME": "Brass Works", c + "VENDOR.DISPLAYCONTACT.PRINTAS": "Brass Works"})
	intacct.call("Update Vendor", nil, values{u + "VENDOR.VENDORID": "V1", u + "VENDOR.TERMNAME": "30 days"})
	if got := intacct.at(intacct.call("List Vendors", nil, nil), "[records].TERMNAME"); !cmp.Equal(got, any([]any{"30 days"})) {
		t.Errorf("vendors %v", got)
	}
	line := c + "ARINVOICE.ARINVOICEITEMS.[ARINVOICEITEM]."
	invoice := values{
		c + "ARINVOICE.CUSTOMERID": "ADA", c + "ARINVOICE.WHENCREATED": "01/31/2026", c + "ARINVOICE.WHENDUE": "02/28/2026",
		line + "ACCOUNTNO": []any{"4000", "4010"}, line + "TRX_AMOUNT": []any{1200.5, 80},
	}
	intacct.call("Create Invoice", nil, invoice)
	if got := intacct.at(intacct.call("List Invoices", nil, nil), "[records].ARINVOICEITEMS.ARINVOICEITEM").([]any); len(got) != 1 || len(got[0].([]any)) != 2 {
		t.Errorf("lines %v", got)
	}

	// Objects of any type.
	if got := intacct.lookUp("Object Types"); !slices.Contains(got, client.Choice{Name: "loom", Value: "loom"}) || len(got) != 4 {
		t.Errorf("types %v", got)
	}
	loom := values{"Object": "loom"}
	found := intacct.discover("Create Record", true, loom)
	if found["record.WIDTH"].DataType != "Float" || found["record.NAME"].DisplayName != "Name" {
		t.Errorf("fields %v", found)
	}
	record := intacct.at(intacct.call("Create Record", loom, values{"record.NAME": "Jacquard", "record.WIDTH": 2.5}), "record.RECORDNO")
	intacct.discover("Update Record", true, loom)
	intacct.call("Update Record", loom, values{"record.RECORDNO": record, "record.NAME": "Jacquard's"})
	if got := intacct.at(intacct.call("Get Record", with(loom, "Key", record), nil), "record"); !cmp.Equal(got, any(map[string]any{"RECORDNO": record, "NAME": "Jacquard's", "WIDTH": "2.5"})) {
		t.Errorf("record %v", got)
	}
	intacct.call("Delete Record", with(loom, "Key", record), nil)
	if got := intacct.at(intacct.call("List Records", loom, nil), "[records]"); !cmp.Equal(got, any([]any{})) {
		t.Errorf("records %v", got)
	}

	// What a copy of the category is for, its methods know.
	w.must(w.account.Do(w.Context(), "POST", intacct.path("categories"), map[string]string{"Category": "Objects", "ObjectName": "VENDOR"}, nil))
	copied := intacct.copied("List Records (VENDOR)")
	if got := intacct.at(copied, "[records].VENDORID"); !cmp.Equal(got, any([]any{"V1"})) {
		t.Errorf("vendors %v", copied)
	}

	// Errors are told, though the status is 200.
	_, err := intacct.try("Create Customer", nil, ada)
	intacct.refused(err, "Another record with the value ADA already exists. Correct it. (BL34000061)")
	_, err = intacct.try("Get Record", values{"Object": "loom", "Key": "0"}, nil)
	intacct.refused(err, "There is no record 0")
	wrong := w.install("Sage Intacct", client.Install{AuthValue: intacctUser(t, api, "another")})
	_, err = wrong.try("List Vendors", nil, nil)
	wrong.refused(err, "Sign-in information is incorrect. Correct it. (XL03000006)")
}

// copied calls a method of a copied category, which needs no values.
func (i *installed) copied(name string) any {
	i.Helper()
	var all []struct{ MethodUniqueIdentifier, Name string }
	i.must(i.account.Do(i.Context(), "GET", i.path("methods")+"?pageSize=1000", nil, &all))
	for _, m := range all {
		if m.Name == name {
			text, err := i.account.CallMethod(i.Context(), i.ID, m.MethodUniqueIdentifier, client.MethodInput{})
			i.must(err)
			var answer any
			i.must(json.Unmarshal(text, &answer))
			return answer
		}
	}
	i.Fatalf("there is no method %q", name)
	return nil
}

// intacctUser is the AuthValue of a user.
func intacctUser(t *testing.T, api *fake.Intacct, password string) string {
	t.Helper()
	text, err := json.Marshal(map[string]string{
		"SenderId": api.SenderID, "SenderPassword": api.SenderPassword, "CompanyId": api.CompanyID, "UserId": api.UserID, "UserPassword": password,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
