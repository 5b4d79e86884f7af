package fake

import (
	"crypto/rsa"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Salesforce stands for login.salesforce.com and an organisation,
// acme.my.salesforce.com: tokens by four grants, REST with lists of errors, queries
// that go on by an address, and SOAP.
type Salesforce struct {
	consent
	Username, Password string // of the only user
	JWTKey             *rsa.PublicKey

	mu      sync.Mutex
	records map[string][]object // by type
	fields  map[string][]object
	Batches []int    // sizes of collections that came
	Queries []string // that came
	count   int
}

// organisation is the host of the only one.
const organisation = "acme.my.salesforce.com"

// NewSalesforce has n leads.
func NewSalesforce(n int) *Salesforce {
	s := &Salesforce{
		consent:  consent{ClientID: "3MVG9-client", ClientSecret: "salesforce-secret", scope: "api", pkce: true},
		Username: "ada@example.com", Password: "engine" + "security-token", records: map[string][]object{}, fields: map[string][]object{},
	}
	text := func(custom bool, names ...string) (all []object) {
		for _, name := range names {
			all = append(all, object{"name": name, "label": name, "type": "string", "custom": custom, "createable": true, "updateable": true, "nillable": name != "LastName" && name != "Company" && name != "Name"})
		}
		return all
	}
	for kind, names := range map[string][]string{
		"Lead": {"FirstName", "LastName", "Company", "Email", "Phone", "Status", "LeadSource"}, "Contact": {"FirstName", "LastName", "Email", "AccountId"},
		"Account": {"Name", "Website"}, "Opportunity": {"Name", "StageName", "CloseDate", "Amount"}, "Engine__c": {"Name"},
	} {
		s.fields[kind] = append([]object{{"name": "Id", "label": "ID", "type": "id"}, {"name": "LastModifiedDate", "label": "Changed", "type": "datetime"}}, text(false, names...)...)
	}
	s.fields["Lead"] = append(s.fields["Lead"], object{
		"name": "Size__c", "label": "Size", "type": "picklist", "custom": true, "createable": true, "updateable": true, "nillable": true,
		"picklistValues": []object{{"value": "S", "label": "Small", "active": true}, {"value": "XL", "label": "Huge", "active": false}},
	})
	key := text(true, "Serial__c")[0]
	key["externalId"] = true
	s.fields["Engine__c"] = append(s.fields["Engine__c"], key, object{"name": "Power__c", "label": "Power", "type": "double", "custom": true, "createable": true, "updateable": true, "nillable": true})
	for i := range n {
		s.add("Lead", object{"LastName": fmt.Sprint("Lead ", i), "Company": "Engines Ltd"})
	}
	return s
}

// Hosts are those of the API.
func (s *Salesforce) Hosts() []Host {
	return []Host{{organisation, s}, {"login.salesforce.com", http.HandlerFunc(s.login)}}
}

// Expire ends the access tokens.
func (s *Salesforce) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
}

// Kept are the records of a type.
func (s *Salesforce) Kept(kind string) (all []map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.records[kind] {
		all = append(all, o)
	}
	return all
}

func (s *Salesforce) add(kind string, o map[string]any) string {
	s.count++
	prefix := map[string]string{"Lead": "00Q", "Contact": "003", "Account": "001", "Opportunity": "006"}[kind]
	if prefix == "" {
		prefix = "a00"
	}
	id := fmt.Sprintf("%sD0000%08dAAA", prefix, s.count)
	delete(o, "attributes")
	o["Id"], o["LastModifiedDate"] = id, time.Date(2026, 1, 1, 0, 0, s.count, 0, time.UTC).Format("2006-01-02T15:04:05.000+0000")
	s.records[kind] = append(s.records[kind], o)
	return id
}

func (s *Salesforce) login(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.URL.Path {
	case "/services/oauth2/authorize":
		s.authorise(w, r)
	case "/services/oauth2/token":
		_ = r.ParseForm() // what is missing is told below
		access, refresh, problem := s.token(r.PostForm, here(r, "login.salesforce.com"))
		if problem != "" {
			write(w, http.StatusBadRequest, object{"error": problem, "error_description": "authentication failure"})
			return
		}
		answer := object{"access_token": access, "instance_url": here(r, organisation), "id": here(r, "login.salesforce.com/id/00D/005"), "token_type": "Bearer", "issued_at": "1767225600000", "signature": "c2ln"}
		if refresh != "" {
			answer["refresh_token"] = refresh
		}
		write(w, http.StatusOK, answer)
	case "/services/oauth2/userinfo":
		if !s.admits(r) {
			http.Error(w, "Bad_OAuth_Token", http.StatusForbidden)
			return
		}
		write(w, http.StatusOK, object{"user_id": "005D0000001", "organization_id": "00DD0000001", "name": "Ada Lovelace", "email": s.Username, "urls": object{"custom_domain": here(r, organisation)}})
	default:
		http.NotFound(w, r)
	}
}

// token gives tokens by any grant.
func (s *Salesforce) token(form url.Values, issuer string) (access, refresh, problem string) {
	known := form.Get("client_id") == s.ClientID && form.Get("client_secret") == s.ClientSecret
	switch grant := form.Get("grant_type"); {
	case grant == "urn:ietf:params:oauth:grant-type:jwt-bearer":
		claims := jwt.MapClaims{}
		_, err := jwt.ParseWithClaims(form.Get("assertion"), claims, func(*jwt.Token) (any, error) { return s.JWTKey, nil }, jwt.WithValidMethods([]string{"RS256"}), jwt.WithAudience(issuer))
		if err != nil || claims["iss"] != s.ClientID || claims["sub"] != s.Username {
			return "", "", "invalid_grant"
		}
	case grant == "password" && known:
		if form.Get("username") != s.Username || form.Get("password") != s.Password {
			return "", "", "invalid_grant"
		}
	case grant == "client_credentials" && known:
	default:
		access, refresh, problem = s.grant(form)
		if form.Get("grant_type") == "refresh_token" {
			refresh = "" // it goes on
		}
		return access, refresh, problem
	}
	return s.issue(), "", ""
}

func (s *Salesforce) fail(w http.ResponseWriter, status int, code, message string, fields ...string) {
	write(w, status, []object{{"errorCode": code, "message": message, "fields": append([]string{}, fields...)}})
}

// ServeHTTP implements http.Handler.
func (s *Salesforce) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == "/services/Soap/u/60.0" {
		s.soap(w, r)
		return
	}
	if !s.admits(r) {
		s.fail(w, http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid")
		return
	}
	in := object{}
	if r.ContentLength > 0 {
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			s.fail(w, http.StatusBadRequest, "JSON_PARSER_ERROR", "Unexpected character")
			return
		}
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/services/data/v60.0/"), "/")
	switch {
	case parts[0] == "query" && len(parts) == 2:
		s.more(w, r, parts[1])
	case parts[0] == "query" || parts[0] == "queryAll":
		s.query(w, r)
	case parts[0] == "limits":
		write(w, http.StatusOK, object{"DailyApiRequests": object{"Max": 15000, "Remaining": 14998}})
	case parts[0] == "search":
		write(w, http.StatusOK, object{"searchRecords": []object{}})
	case parts[0] == "composite":
		s.collection(w, r, in, parts[2:])
	case parts[0] == "sobjects" && len(parts) == 1:
		all := []object{}
		for kind := range s.fields {
			all = append(all, object{"name": kind, "label": strings.TrimSuffix(kind, "__c"), "custom": strings.HasSuffix(kind, "__c"), "createable": true})
		}
		slices.SortFunc(all, func(a, b object) int { return strings.Compare(a["name"].(string), b["name"].(string)) })
		write(w, http.StatusOK, object{"sobjects": all})
	case parts[0] == "sobjects" && s.fields[parts[1]] != nil:
		s.object(w, r, in, parts[1:])
	default:
		s.fail(w, http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
	}
}

// soql is all of it that is understood.
var soql = regexp.MustCompile(`^SELECT ([\w, ]+) FROM (\w+)(?: WHERE LastModifiedDate >= (\S+))?(?: ORDER BY LastModifiedDate)?$`)

func (s *Salesforce) query(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query().Get("q")
	s.Queries = append(s.Queries, q)
	s.page(w, r, q, 0)
}

func (s *Salesforce) more(w http.ResponseWriter, r *http.Request, cursor string) {
	_, start, _ := strings.Cut(cursor, "-")
	n, err := strconv.Atoi(start)
	if err != nil || len(s.Queries) == 0 {
		s.fail(w, http.StatusBadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator")
		return
	}
	s.page(w, r, s.Queries[len(s.Queries)-1], n)
}

func (s *Salesforce) page(w http.ResponseWriter, r *http.Request, q string, start int) {
	found := soql.FindStringSubmatch(q)
	if found == nil || s.fields[found[2]] == nil {
		s.fail(w, http.StatusBadRequest, "MALFORMED_QUERY", "unexpected token: "+q)
		return
	}
	since := time.Time{}
	if found[3] != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, found[3]); err != nil {
			s.fail(w, http.StatusBadRequest, "INVALID_FIELD", "value of filter criterion for field 'LastModifiedDate' must be of type dateTime")
			return
		}
	}
	all := []object{}
	for _, o := range s.records[found[2]] {
		if at, _ := time.Parse("2006-01-02T15:04:05.000-0700", o["LastModifiedDate"].(string)); at.Before(since) {
			continue
		}
		row := object{"attributes": object{"type": found[2]}}
		for name := range strings.SplitSeq(found[1], ", ") {
			row[name] = o[name]
		}
		all = append(all, row)
	}
	end := min(start+2000, len(all))
	page := object{"totalSize": len(all), "done": end == len(all), "records": all[start:end]}
	if end < len(all) {
		u, _ := url.Parse(here(r, organisation)) // in the world it has no folder before it
		page["nextRecordsUrl"] = fmt.Sprintf("%s/services/data/v60.0/query/01gD0000002HU6K-%d", u.Path, end)
	}
	write(w, http.StatusOK, page)
}

// check says what is wrong with a record.
func (s *Salesforce) check(kind string, o map[string]any, all bool) (code, message, field string) {
	for name := range o {
		if i := slices.IndexFunc(s.fields[kind], func(f object) bool { return f["name"] == name }); i < 0 && name != "attributes" && name != "id" {
			return "INVALID_FIELD", fmt.Sprintf("No such column '%s' on sobject of type %s", name, kind), ""
		}
	}
	for _, f := range s.fields[kind] {
		if name := f["name"].(string); all && f["createable"] == true && f["nillable"] == false && (o[name] == nil || o[name] == "") {
			return "REQUIRED_FIELD_MISSING", "Required fields are missing: [" + name + "]", name
		}
	}
	return "", "", ""
}

func (s *Salesforce) find(kind, by string, value any) int {
	return slices.IndexFunc(s.records[kind], func(o object) bool { return o[by] == value })
}

func (s *Salesforce) object(w http.ResponseWriter, r *http.Request, in object, parts []string) {
	kind := parts[0]
	if len(parts) == 2 && parts[1] == "describe" {
		write(w, http.StatusOK, object{"name": kind, "fields": s.fields[kind]})
		return
	}
	if code, message, field := s.check(kind, in, len(parts) == 1); code != "" {
		s.fail(w, http.StatusBadRequest, code, message, field)
		return
	}
	if len(parts) == 1 {
		write(w, http.StatusCreated, object{"id": s.add(kind, in), "success": true, "errors": []object{}})
		return
	}
	by, value := "Id", parts[1]
	if len(parts) == 3 {
		by, value = parts[1], parts[2]
	}
	i := s.find(kind, by, value)
	switch {
	case i < 0 && len(parts) == 3 && r.Method == http.MethodPatch:
		in[by] = value
		write(w, http.StatusCreated, object{"id": s.add(kind, in), "success": true, "created": true, "errors": []object{}})
	case i < 0:
		s.fail(w, http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
	case r.Method == http.MethodPatch:
		for name, v := range in {
			s.records[kind][i][name] = v
		}
		if len(parts) == 3 {
			write(w, http.StatusOK, object{"id": s.records[kind][i]["Id"], "success": true, "created": false, "errors": []object{}})
			return
		}
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodDelete:
		s.records[kind] = slices.Delete(s.records[kind], i, i+1)
		w.WriteHeader(http.StatusNoContent)
	default:
		write(w, http.StatusOK, s.records[kind][i])
	}
}

func (s *Salesforce) collection(w http.ResponseWriter, r *http.Request, in object, parts []string) {
	all := list(in["records"])
	s.Batches = append(s.Batches, len(all))
	if len(all) > 200 {
		s.fail(w, http.StatusBadRequest, "LIMIT_EXCEEDED", "record limit reached. cannot submit more than 200 records into this call")
		return
	}
	results := []object{}
	for _, one := range all {
		o := one.(map[string]any)
		attributes, _ := o["attributes"].(map[string]any)
		kind, _ := attributes["type"].(string)
		i := -1
		if len(parts) == 2 {
			i = s.find(kind, parts[1], o[parts[1]])
		} else if r.Method == http.MethodPatch {
			if i = s.find(kind, "Id", o["id"]); i < 0 {
				results = append(results, object{"success": false, "errors": []object{{"statusCode": "MALFORMED_ID", "message": "bad id"}}})
				continue
			}
		}
		if code, message, field := s.check(kind, o, i < 0); code != "" {
			results = append(results, object{"success": false, "errors": []object{{"statusCode": code, "message": message, "fields": []string{field}}}})
			continue
		}
		if i < 0 {
			results = append(results, object{"id": s.add(kind, o), "success": true, "errors": []object{}})
			continue
		}
		delete(o, "attributes")
		delete(o, "id")
		for name, v := range o {
			s.records[kind][i][name] = v
		}
		results = append(results, object{"id": s.records[kind][i]["Id"], "success": true, "errors": []object{}})
	}
	write(w, http.StatusOK, results)
}

// envelope is what is understood of SOAP.
type envelope struct {
	Header struct {
		Session struct {
			ID string `xml:"urn:partner.soap.sforce.com sessionId"`
		} `xml:"urn:partner.soap.sforce.com SessionHeader"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Header"`
	Body struct {
		Convert *struct {
			Lead struct {
				ID       string `xml:"urn:partner.soap.sforce.com leadId"`
				Status   string `xml:"urn:partner.soap.sforce.com convertedStatus"`
				NoDeal   bool   `xml:"urn:partner.soap.sforce.com doNotCreateOpportunity"`
				DealName string `xml:"urn:partner.soap.sforce.com opportunityName"`
			} `xml:"urn:partner.soap.sforce.com leadConverts"`
		} `xml:"urn:partner.soap.sforce.com convertLead"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

func (s *Salesforce) soap(w http.ResponseWriter, r *http.Request) {
	var in envelope
	err := xml.NewDecoder(r.Body).Decode(&in)
	w.Header().Set("Content-Type", "text/xml;charset=UTF-8")
	answer := func(status int, body string) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body>`+body+`</soapenv:Body></soapenv:Envelope>`)
	}
	switch {
	case err != nil || in.Body.Convert == nil || r.Header.Get("SOAPAction") == "":
		answer(http.StatusInternalServerError, `<soapenv:Fault><faultcode>soapenv:Client</faultcode><faultstring>No operation available for request</faultstring></soapenv:Fault>`)
	case !slices.Contains(s.tokens, in.Header.Session.ID):
		answer(http.StatusInternalServerError, `<soapenv:Fault><faultcode>sf:INVALID_SESSION_ID</faultcode><faultstring>INVALID_SESSION_ID: Invalid Session ID found in SessionHeader</faultstring></soapenv:Fault>`)
	default:
		lead := in.Body.Convert.Lead
		i := s.find("Lead", "Id", lead.ID)
		if i < 0 {
			answer(http.StatusOK, `<convertLeadResponse><result><errors><message>invalid cross reference id</message><statusCode>INVALID_CROSS_REFERENCE_KEY</statusCode></errors><success>false</success></result></convertLeadResponse>`)
			return
		}
		o := s.records["Lead"][i]
		account := s.add("Account", object{"Name": o["Company"]})
		contact := s.add("Contact", object{"LastName": o["LastName"], "AccountId": account})
		deal := ""
		if !lead.NoDeal {
			deal = s.add("Opportunity", object{"Name": lead.DealName})
		}
		o["Status"] = lead.Status
		answer(http.StatusOK, `<convertLeadResponse><result><accountId>`+account+`</accountId><contactId>`+contact+`</contactId><leadId>`+lead.ID+`</leadId><opportunityId>`+deal+`</opportunityId><success>true</success></result></convertLeadResponse>`)
	}
}
