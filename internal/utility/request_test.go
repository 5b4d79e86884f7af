package utility_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/connectors"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/egress/egresstest"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// method finds a method of the library.
func method(t *testing.T, folder, name string) (*connector.Connector, *connector.Method) {
	t.Helper()
	data, err := fs.ReadFile(connectors.Files, folder+"/connector.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := connector.Parse(folder, data)
	if err != nil {
		t.Fatal(err)
	}
	c.Script = "" // what runs scripts has tests of its own
	for i := range c.Methods {
		if c.Methods[i].Name == name {
			return c, &c.Methods[i]
		}
	}
	t.Fatalf("%s has no method %s", folder, name)
	return nil, nil
}

// TestRequestsToForbiddenAddresses tries every way to write an address that must
// not be reached in the library's requests to any address: they go where methods
// of all connectors go.
func TestRequestsToForbiddenAddresses(t *testing.T) {
	canary := egresstest.NewCanary(t, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	client := egress.New(egress.Options{Timeout: 2 * time.Second})
	named := egress.New(egress.Options{Timeout: 2 * time.Second, Resolver: egresstest.Names(t, netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1"))})
	files := newFiles()
	options := invoke.Options{Files: func(invoke.Origin) body.Files { return files }}
	for folder, name := range map[string]string{"generic-webhook": "POST", "generic-form": "Post Form", "file-downloader": "Download File"} {
		c, m := method(t, folder, name)
		call := func(client *egress.Client, url string) error {
			_, err := invoke.New(client, options).Call(t.Context(), invoke.Call{
				Origin: invoke.Origin{Account: account}, Connector: c, Method: m, Parameters: values{"URL": url}, Body: doc{"a": "b"},
			})
			return err
		}
		for _, host := range egresstest.Hosts() {
			if err := call(client, "http://"+host+":"+canary.Port+"/"); err == nil {
				t.Errorf("%s: http://%s answered", folder, host)
			}
		}
		for range 3 {
			if err := call(named, "http://rebinding.test:"+canary.Port+"/"); egress.KindOf(err) != egress.Refused {
				t.Errorf("%s by name: %v", folder, err)
			}
		}
		if err := call(client, "file:///etc/passwd"); err == nil {
			t.Errorf("%s read a file of this machine", folder)
		}
	}
	if all := canary.Reached(); len(all) > 0 {
		t.Errorf("the canary was reached at %v", all)
	}
}

// TestFileDownloader: what is fetched is a file that later steps have.
func TestFileDownloader(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		w.Header().Set("Content-Disposition", `attachment; filename="../report.csv"`)
		_, _ = w.Write([]byte("a,b\n1,2\n"))
	}))
	defer server.Close()
	client := egress.New(egress.Options{Allow: loopback})
	defer client.Close()
	files := newFiles()
	c, m := method(t, "file-downloader", "Download File")
	result, err := invoke.New(client, invoke.Options{Files: func(invoke.Origin) body.Files { return files }}).Call(t.Context(), invoke.Call{
		Origin: invoke.Origin{Account: account}, Connector: c, Method: m, Parameters: values{"URL": server.URL + "/x?y=1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files.kept) != 1 || result.Response == nil {
		t.Fatalf("kept %v, answered %+v", files.kept, result.Response)
	}
	for _, k := range files.kept {
		if k.file.FileName != "report.csv" || string(k.content) != "a,b\n1,2\n" {
			t.Errorf("kept %+v: %q", k.file, k.content)
		}
	}
}
