package invoke

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/egress"
)

func (c *Caller) planned() (n int) {
	c.plans.Range(func(any, any) bool { n++; return true })
	return n
}

// A method is compiled once, and forgotten when nobody has it any more.
func TestPlansAreKeptAsLongAsTheirMethod(t *testing.T) {
	c := New(egress.New(egress.Options{}), Options{})
	func() {
		d := &connector.Connector{Methods: []connector.Method{{HTTPMethod: "GET", Endpoint: "https://a"}, {HTTPMethod: "GET", Endpoint: "https://b"}}}
		first, err := c.plan(&Call{Connector: d, Method: &d.Methods[1]})
		if err != nil {
			t.Fatal(err)
		}
		again, err := c.plan(&Call{Connector: d, Method: &d.Methods[1]})
		if err != nil || again != first || c.planned() != 1 {
			t.Errorf("compiled again: %v, %d plans", err, c.planned())
		}
		runtime.KeepAlive(d)
	}()
	deadline := time.Now().Add(10 * time.Second)
	for c.planned() > 0 {
		if time.Now().After(deadline) {
			t.Fatalf("%d plans of methods that are gone", c.planned())
		}
		runtime.GC()
		runtime.Gosched()
	}
}

func TestCheck(t *testing.T) {
	for text, want := range map[string]string{
		"https://a/{{x | upper}}":    "",
		"https://a/{{x | nonsense}}": "nonsense",
		"https://a?b={{x":            "endpoint",
	} {
		err := Check(&connector.Connector{}, &connector.Method{Name: "List", Endpoint: text})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	err := Check(&connector.Connector{}, &connector.Method{
		Name: "List", Endpoint: "https://a", RequestFields: []connector.Field{{ConnectorField: "a", Default: "{{x | nonsense}}"}},
	})
	if err == nil || !strings.Contains(err.Error(), "field a") {
		t.Errorf("default of a field: %v", err)
	}
}
