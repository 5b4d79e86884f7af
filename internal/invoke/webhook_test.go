package invoke_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// hook is a webhook with scripts at three levels.
func hook(ofConnector, ofMethod, ofStep string) invoke.Call {
	c := &connector.Connector{Script: ofConnector, Methods: []connector.Method{{Name: "Added", MethodType: connector.Webhook, Script: ofMethod, ResponseDataType: connector.JSONBody}}}
	return invoke.Call{Connector: c, Method: &c.Methods[0], Script: ofStep}
}

func TestBeforeWebhook(t *testing.T) {
	caller, _ := scripted(t)
	in := invoke.Incoming{URL: "https://t.test/api/webhook/k?mode=subscribe", Headers: values{"X-Hook-Secret": "s1"}, Body: []byte(`{"challenge":"c1"}`)}
	answer := `function before_webhook() {
		if (method_request_parameters.mode !== "subscribe" || !method_endpoint.includes("/api/webhook/k")) return true;
		method_response_headers["X-Hook-Secret"] = method_request_headers["X-Hook-Secret"];
		method_response = RESPONSE;
		return false;
	}`
	for response, want := range map[string]string{"method_request.challenge": "c1", "{ challenge: method_request.challenge }": `{"challenge":"c1"}`} {
		call := hook(strings.Replace(answer, "RESPONSE", response, 1), "", "")
		got, err := caller.BeforeWebhook(t.Context(), call, in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&invoke.Reply{Headers: values{"X-Hook-Secret": "s1"}, Body: []byte(want)}, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	}
	for name, call := range map[string]invoke.Call{
		"goes on":    hook("", `function before_webhook() { method_response = "unused"; return true }`, ""),
		"no handler": hook("", "", ""),
	} {
		if got, err := caller.BeforeWebhook(t.Context(), call, in); got != nil || err != nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	_, err := caller.BeforeWebhook(t.Context(), hook("", "", `function before_webhook() { throw new Error("a bad signature") }`), in)
	wantError(t, err, invoke.Scripted, "a bad signature")
}

func TestAfterWebhook(t *testing.T) {
	caller, _ := scripted(t)
	add := func(name string) string {
		return `function after_webhook() { (method_response.by ||= []).push("` + name + `"); return true }`
	}
	got, ok, err := caller.AfterWebhook(t.Context(), hook(add("connector"), add("method"), add("step")), []byte(`{"a":1.5}`))
	if err != nil || !ok || string(got) != `{"a":1.5,"by":["connector","method","step"]}` {
		t.Errorf("%s, %v, %v", got, ok, err)
	}
	if _, ok, err = caller.AfterWebhook(t.Context(), hook("", "", `function after_webhook() { return method_response.a > 9 }`), []byte(`{"a":1}`)); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	if got, ok, err = caller.AfterWebhook(t.Context(), hook("", "", ""), []byte(`{"a":1}`)); string(got) != `{"a":1}` || !ok || err != nil {
		t.Errorf("without a handler: %s, %v, %v", got, ok, err)
	}
}

func TestListens(t *testing.T) {
	for text, want := range map[string]bool{"function after_webhook() {}": true, "function before_webhook() {}": true, "function before_action() {}": false, "": false} {
		for i := range 3 {
			var levels [3]string
			levels[i] = text
			c := hook(levels[0], levels[1], levels[2])
			if got := invoke.Listens(c.Connector, c.Method, c.Script); got != want {
				t.Errorf("%q at level %d: %v", text, i, got)
			}
		}
	}
}
