package library

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/e2e/fake"
)

func TestGoogleSheets(t *testing.T) {
	const email = "robot@engines.iam.gserviceaccount.com"
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	api := fake.NewGoogle(email, &key.PublicKey, 250, 2500)
	w := newWorld(t, []string{"google-sheets"}, api.Hosts()...)

	// A service account.
	sheets := w.install("Google Sheets", client.Install{AuthenticationID: w.wayOf("Google Sheets", "JwtBearer"), AuthValue: serviceAccount(t, email, key)})
	sheets.tested()
	w.Calls()
	if got := sheets.lookUp("Spreadsheets"); len(got) != 250 || got[0] != (client.Choice{Name: "Book 0", Value: "book-1"}) {
		t.Errorf("spreadsheets %v", got)
	}
	if calls := w.Calls(); len(calls) != 3 {
		t.Errorf("%d pages", len(calls))
	}
	if got := sheets.subLookUp("Sheets", values{"Spreadsheet": "book-1"}); !cmp.Equal(got, []client.Choice{{Name: "Sheet1", Value: "Sheet1"}, {Name: "Ada's parts", Value: "Ada's parts"}}) {
		t.Errorf("sheets %v", got)
	}

	// Rows are objects of the header row.
	parts := values{"Spreadsheet": "book-1", "Sheet": "Ada's parts"}
	found := sheets.discover("Read Rows", false, parts)
	if found["[rows].Part"].DataType != "Text" || found["[rows].Price"].DataType != "Integer" || len(found) != 4 {
		t.Errorf("columns %v", found)
	}
	w.Calls()
	rows := sheets.call("Read Rows", parts, nil)
	all := sheets.at(rows, "[rows]").([]any)
	if len(all) != 2500 || !cmp.Equal(all[2499], any(map[string]any{"_row": 2501.0, "Part": "Part 2499", "Price": 2499.0, "Unit": "pc", "Note": nil})) {
		t.Errorf("%d rows, the last %v", len(all), all[len(all)-1])
	}
	if calls := w.Calls(); len(calls) != 3 {
		t.Errorf("%d pages", len(calls))
	}

	// Rows are added by the names of columns, 500 at a time.
	sheets.discover("Append Rows", true, parts)
	var names, prices []any
	for i := range 1100 {
		names, prices = append(names, fmt.Sprint("New ", i)), append(prices, i)
	}
	w.Calls()
	sheets.call("Append Rows", parts, values{"[rows].Part": names, "[rows].Price": prices})
	if calls := w.Calls(); len(calls) != 4 { // the header row, once
		t.Errorf("%d calls", len(calls))
	}
	if got := api.Row("book-1", "Ada's parts", 3601); !cmp.Equal(got, []any{"New 1099", 1099.0, "", "", ""}) {
		t.Errorf("added %v", got)
	}
	sheets.discover("Update Row", true, parts)
	sheets.call("Update Row", with(parts, "Row", 3), values{"[rows].Note": []any{"cast"}})
	if got := api.Row("book-1", "Ada's parts", 3); !cmp.Equal(got, []any{"Part 1", 1, "pc", "", "cast"}) {
		t.Errorf("row %v", got)
	}

	// Spreadsheets and ranges.
	book := sheets.call("Create Spreadsheet", nil, values{"properties.title": "Looms", "[sheets].properties.title": []any{"Plan", "Old"}})
	id := sheets.at(book, "spreadsheetId")
	sheets.call("Update Range", values{"Spreadsheet": id, "Range": "Plan!A1:B2"}, values{"[values].[]": []any{[]any{"Loom", "Width"}, []any{"Jacquard", 2.5}}})
	read := sheets.call("Read Range", values{"Spreadsheet": id, "Range": "Plan!A2:B2"}, nil)
	if got := sheets.at(read, "[values].[]"); !cmp.Equal(got, any([]any{[]any{"Jacquard", 2.5}})) {
		t.Errorf("read %v", read)
	}
	export := sheets.call("Export File", values{"FileId": id, "mimeType": "text/csv"}, nil)
	if got := sheets.at(export, "File.ContentType"); got != "text/csv" {
		t.Errorf("export %v", export)
	}
	sheets.call("Clear Range", values{"Spreadsheet": id, "Range": "Plan!A2:B2"}, nil)
	if got := sheets.at(sheets.call("Read Rows", values{"Spreadsheet": id, "Sheet": "Plan"}, nil), "[rows]"); !cmp.Equal(got, any([]any{})) {
		t.Errorf("rows %v", got)
	}
	added := sheets.call("Add Sheet", values{"Spreadsheet": id}, values{"[requests].addSheet.properties.title": []any{"More"}})
	sheets.call("Delete Sheet", values{"Spreadsheet": id}, values{"[requests].deleteSheet.sheetId": sheets.at(added, "[replies].addSheet.properties.sheetId")})

	sheets.files()
	_, err = sheets.try("Read Range", values{"Spreadsheet": id, "Range": "None!A1"}, nil)
	sheets.refused(err, "Unable to parse range: None!A1 (INVALID_ARGUMENT)")
	another, err := rsa.GenerateKey(rand.Reader, 2048)
	w.must(err)
	wrong := w.install("Google Sheets", client.Install{AuthenticationID: sheets.way("JwtBearer"), AuthValue: serviceAccount(t, email, another)})
	if wrong.look().Authenticated {
		t.Error("another key signs in")
	}
}

// files tries what there is of Drive.
func (drive *installed) files() {
	drive.Helper()
	file := drive.call("Upload File", nil, values{"name": "notes.txt", "File": map[string]any{"FileName": "notes.txt", "ContentType": "text/plain", "Content": "first line"}})
	notes := values{"FileId": drive.at(file, "id")}
	if got := drive.at(drive.call("Download File", notes, nil), "File.Size"); got != 10.0 {
		drive.Errorf("%v bytes of %v", got, file)
	}
	drive.call("Replace File", notes, values{"File": map[string]any{"FileName": "notes.txt", "Content": "two"}})
	if got := drive.at(drive.call("Get File", notes, nil), "size"); got != "3" {
		drive.Errorf("%v bytes", got)
	}
	drive.call("Create Folder", nil, values{"name": "Plans"})
	drive.call("Share File", notes, values{"role": "reader", "type": "user", "emailAddress": "grace@example.com"})
	if got := drive.at(drive.call("List Files", values{"q": "name contains 'notes'"}, nil), "[files].name"); !cmp.Equal(got, any([]any{"notes.txt"})) {
		drive.Errorf("files %v", got)
	}
	drive.call("Delete File", notes, nil)

	_, err := drive.try("Download File", notes, nil)
	drive.refused(err, "File not found")
}

// A person signs in; tokens that have ended are renewed.
func TestGoogleSignIn(t *testing.T) {
	api := fake.NewGoogle("", nil, 1, 991) // a grid that ends where a page does
	w := newWorld(t, []string{"google-sheets"}, api.Hosts()...)
	w.client("Google Sheets", "google-client", "google-secret")
	sheets := w.install("Google Sheets", client.Install{AuthValue: "{}"})
	sheets.signIn()
	api.Expire()
	if got := sheets.at(sheets.call("List Spreadsheets", nil, nil), "[files].name"); !cmp.Equal(got, any([]any{"Book 0"})) || api.Refreshed != 1 {
		t.Errorf("spreadsheets %v, refreshed %d times", got, api.Refreshed)
	}
	rows := sheets.at(sheets.call("Read Rows", values{"Spreadsheet": "book-1", "Sheet": "Ada's parts"}, nil), "[rows]").([]any)
	if calls := w.Calls(); len(rows) != 991 || calls[len(calls)-1].Status != http.StatusBadRequest {
		t.Errorf("%d rows", len(rows))
	}
}

// serviceAccount is the AuthValue of a service account.
func serviceAccount(t *testing.T, email string, key *rsa.PrivateKey) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]string{
		"client_email": email, "PrivateKey": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
