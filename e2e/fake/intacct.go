package fake

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Intacct stands for the XML gateway of Sage Intacct: a function in an envelope,
// whose elements have an order; what went wrong is said with the status 200.
type Intacct struct {
	SenderID, SenderPassword, CompanyID, UserID, UserPassword string

	mu      sync.Mutex
	records map[string][]*node // by type
	results map[string][]*node // what is left of queries, by resultId
	pages   map[string]int
	count   int
	Asked   []string // functions, and queries after a blank
}

// node is an element.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Nodes   []*node    `xml:",any"`
}

func element(name string, of ...any) *node {
	n := &node{XMLName: xml.Name{Local: name}}
	for _, each := range of {
		switch each := each.(type) {
		case *node:
			n.Nodes = append(n.Nodes, each)
		case xml.Attr:
			n.Attrs = append(n.Attrs, each)
		default:
			n.Text += fmt.Sprint(each)
		}
	}
	return n
}

func attribute(name string, v any) xml.Attr {
	return xml.Attr{Name: xml.Name{Local: name}, Value: fmt.Sprint(v)}
}

// at is the element at a path; an empty one if there is none.
func (n *node) at(path ...string) *node {
	for _, name := range path {
		i := slices.IndexFunc(n.Nodes, func(c *node) bool { return c.XMLName.Local == name })
		if i < 0 {
			return &node{}
		}
		n = n.Nodes[i]
	}
	return n
}

func (n *node) names() (all []string) {
	for _, c := range n.Nodes {
		all = append(all, c.XMLName.Local)
	}
	return all
}

// NewIntacct has n customers.
func NewIntacct(n int) *Intacct {
	g := &Intacct{
		SenderID: "sender", SenderPassword: "sender-test-password", CompanyID: "engines", UserID: "robot", UserPassword: "user-test-password",
		records: map[string][]*node{"CUSTOMER": nil, "VENDOR": nil, "ARINVOICE": nil, "loom": nil}, results: map[string][]*node{}, pages: map[string]int{},
	}
	for i := range n {
		g.add("CUSTOMER", element("CUSTOMER", element("CUSTOMERID", fmt.Sprint("C", i)), element("NAME", fmt.Sprint("Customer ", i))))
	}
	return g
}

// Hosts are those of the API.
func (g *Intacct) Hosts() []Host { return []Host{{"api.intacct.com", g}} }

func (g *Intacct) add(kind string, record *node) *node {
	g.count++
	record.XMLName.Local = strings.ToLower(kind)
	record.Nodes = append([]*node{element("RECORDNO", g.count)}, record.Nodes...)
	g.records[kind] = append(g.records[kind], record)
	return record
}

// Value is what is at a path of the last record of a type.
func (g *Intacct) Value(kind string, path ...string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := g.records[kind]
	return all[len(all)-1].at(path...).Text
}

// fault is what went wrong, as every part of an answer may say it.
func fault(number, text string) *node {
	return element("errormessage", element("error", element("errorno", number), element("description"), element("description2", text), element("correction", "Correct it.")))
}

func answer(w http.ResponseWriter, parts ...*node) {
	w.Header().Set("Content-Type", "application/xml; charset=UTF-8")
	response := element("response")
	response.Nodes = parts
	_, _ = io.WriteString(w, xml.Header) // who asks sees what is missing
	_ = xml.NewEncoder(w).Encode(response)
}

// ServeHTTP implements http.Handler.
func (g *Intacct) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var in node
	if err := xml.NewDecoder(r.Body).Decode(&in); err != nil || r.URL.Path != "/ia/xml/xmlgw.phtml" || r.Method != http.MethodPost || !strings.Contains(r.Header.Get("Content-Type"), "xml") {
		http.Error(w, "not a request of the gateway", http.StatusBadRequest)
		return
	}
	control, login := in.at("control"), in.at("operation", "authentication", "login")
	status := func(s string) *node {
		return element("control", element("status", s), element("controlid", control.at("controlid").Text))
	}
	switch {
	case in.XMLName.Local != "request" || strings.Join(control.names(), " ") != "senderid password controlid uniqueid dtdversion includewhitespace" || control.at("dtdversion").Text != "3.0":
		answer(w, status("failure"), fault("XL03000003", "The input XML does not conform to the schema."))
	case control.at("senderid").Text != g.SenderID || control.at("password").Text != g.SenderPassword:
		answer(w, status("failure"), fault("XL03000006", "Incorrect Intacct XML Partner ID or password."))
	case strings.Join(login.names(), " ") != "userid companyid password":
		answer(w, status("failure"), fault("XL03000003", "The login does not conform to the schema."))
	case login.at("userid").Text != g.UserID || login.at("companyid").Text != g.CompanyID || login.at("password").Text != g.UserPassword:
		answer(w, status("success"), element("operation", element("authentication", element("status", "failure")), fault("XL03000006", "Sign-in information is incorrect.")))
	default:
		call := in.at("operation", "content", "function")
		if len(call.Nodes) != 1 || len(call.Attrs) != 1 || call.Attrs[0].Value == "" {
			answer(w, status("failure"), fault("XL03000003", "A function needs a controlid."))
			return
		}
		do := call.Nodes[0]
		g.Asked = append(g.Asked, strings.TrimSpace(do.XMLName.Local+" "+do.at("query").Text))
		result := element("result", element("status", "success"), element("function", do.XMLName.Local), element("controlid", call.Attrs[0].Value))
		data, failed := g.call(do)
		if failed != nil {
			result.Nodes[0].Text, data = "failure", failed
		}
		result.Nodes = append(result.Nodes, data)
		answer(w, status("success"), element("operation", element("authentication", element("status", "success")), result))
	}
}

// call does a function.
func (g *Intacct) call(do *node) (data, failed *node) {
	kind := do.at("object").Text
	_, known := g.records[kind]
	switch name := do.XMLName.Local; {
	case name == "inspect":
		data = element("data", attribute("listtype", "All"), attribute("count", len(g.records)))
		for _, each := range sortedKeys(g.records) {
			data.Nodes = append(data.Nodes, element("type", attribute("typename", each), strings.ToLower(each)))
		}
		return data, nil
	case name == "readMore":
		return g.page(do.at("resultId").Text)
	case name == "create" || name == "update":
		return g.change(name, do.Nodes)
	case !known:
		return nil, fault("PL03000002", "Object definition "+kind+" not found.")
	case name == "lookup":
		return g.lookUp(kind), nil
	case name == "readByQuery":
		return g.query(kind, do)
	}
	all := g.records[kind]
	i := slices.IndexFunc(all, func(n *node) bool { return n.at("RECORDNO").Text == do.at("keys").Text })
	switch do.XMLName.Local {
	case "read":
		data = element("data", attribute("listtype", kind), attribute("count", 0))
		if i >= 0 {
			data.Nodes = append(data.Nodes, all[i])
		}
		return data, nil
	case "delete":
		if i < 0 {
			return nil, fault("BL01001973", "There is no such record.")
		}
		g.records[kind] = slices.Delete(all, i, i+1)
		return element("data"), nil
	}
	return nil, fault("XL03000004", "There is no function "+do.XMLName.Local+".")
}

func (g *Intacct) query(kind string, do *node) (data, failed *node) {
	if strings.Join(do.names(), " ") != "object fields query pagesize" {
		return nil, fault("XL03000003", "readByQuery does not conform to the schema: "+strings.Join(do.names(), " "))
	}
	found := []*node{}
	_, name, ok := strings.Cut(do.at("query").Text, "NAME = '")
	name, _, _ = strings.Cut(name, "'")
	for _, n := range g.records[kind] {
		if !ok || n.at("NAME").Text == name {
			found = append(found, n)
		}
	}
	g.count++
	id := fmt.Sprintf("7030372031c%d", g.count)
	g.results[id] = found
	g.pages[id], _ = strconv.Atoi(do.at("pagesize").Text)
	return g.page(id)
}

// page is the next page of a query, by an id that stays the same.
func (g *Intacct) page(id string) (data, failed *node) {
	left, ok := g.results[id]
	if !ok {
		return nil, fault("XL03000009", "The resultId "+id+" is not valid.")
	}
	n := min(g.pages[id], len(left))
	g.results[id] = left[n:]
	data = element("data", attribute("listtype", "customer"), attribute("count", n), attribute("numremaining", len(left)-n), attribute("resultId", id))
	data.Nodes = left[:n]
	return data, nil
}

// intacctKeys are the IDs that people give records, by type.
var intacctKeys = map[string]string{"CUSTOMER": "CUSTOMERID", "VENDOR": "VENDORID"}

func (g *Intacct) change(name string, records []*node) (data, failed *node) {
	if len(records) != 1 {
		return nil, fault("XL03000003", "There must be one record.")
	}
	record := records[0]
	kind := record.XMLName.Local
	if _, ok := g.records[kind]; !ok {
		return nil, fault("PL03000002", "Object definition "+kind+" not found.")
	}
	key := intacctKeys[kind]
	i := slices.IndexFunc(g.records[kind], func(n *node) bool {
		return key != "" && n.at(key).Text == record.at(key).Text || record.at("RECORDNO").Text != "" && n.at("RECORDNO").Text == record.at("RECORDNO").Text
	})
	switch {
	case name == "create" && i >= 0:
		return nil, fault("BL34000061", "Another record with the value "+record.at(key).Text+" already exists.")
	case name == "create" && kind == "ARINVOICE" && len(record.at("ARINVOICEITEMS").Nodes) == 0:
		return nil, fault("BL01001973", "An invoice needs a line.")
	case name == "create":
		g.add(kind, record)
	case i < 0:
		return nil, fault("BL01001973", "There is no such record.")
	default:
		old := g.records[kind][i]
		for _, n := range record.Nodes {
			if at := old.at(n.XMLName.Local); at.XMLName.Local != "" {
				*at = *n
			} else {
				old.Nodes = append(old.Nodes, n)
			}
		}
		record = old
	}
	return element("data", attribute("listtype", "objects"), attribute("count", 1), record), nil
}

func (g *Intacct) lookUp(kind string) *node {
	field := func(id, label, kind, readOnly, required string) *node {
		return element("Field", element("ID", id), element("LABEL", label), element("REQUIRED", required), element("READONLY", readOnly), element("DATATYPE", kind), element("ISCUSTOM", "false"))
	}
	return element("data", attribute("listtype", "All"), attribute("count", 1), element("Type", attribute("Name", kind), element("Fields",
		field("RECORDNO", "Record number", "INTEGER", "true", "false"), field("NAME", "Name", "TEXT", "false", "true"), field("WIDTH", "Width", "DECIMAL", "false", "false"),
	)))
}
