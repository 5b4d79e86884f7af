package connector_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
)

// What installs or removes a webhook can only be called with what the webhook has.
func TestParametersOfWebhooks(t *testing.T) {
	const board, card = "{Name: Board, TargetType: MergeField}", "{Name: Card, TargetType: MergeField}"
	with := func(more string) string { return strings.Replace(board, "}", ", "+more+"}", 1) }
	for name, tt := range map[string]struct {
		of, create, remove string // the parameters of each
		fault              string // the field; "": none
	}{
		"the same":              {board, "{Name: Board, TargetType: QueryString}", board, ""},
		"its own alone":         {card, "", "", ""},
		"optional":              {with("Optional: true"), board, "", "CreateWebhookMethod"},
		"optional, a default":   {with("Optional: true, Default: b1"), board, board, ""},
		"optional for all":      {with("Optional: true"), with("Optional: true"), "", ""},
		"not there":             {card, board, "", "CreateWebhookMethod"},
		"not there for the end": {card, card, board, "DeleteWebhookMethod"},
		"not there, a default":  {card, with("Default: b1"), with("Hidden: true, Value: b1"), ""},
	} {
		text := strings.Replace(shop(t), "    MethodType: Webhook\n", "    MethodType: Webhook\n    CreateWebhookMethod: Watch\n    DeleteWebhookMethod: Unwatch\n    Parameters: ["+tt.of+"]\n", 1)
		for method, parameters := range map[string]string{"Watch": tt.create, "Unwatch": tt.remove} {
			text += fmt.Sprintf("  - {Name: %s, MethodType: Action, HttpMethod: POST, Endpoint: \"{{BaseUrl}}/hooks\", Parameters: [%s]}\n", method, parameters)
		}
		_, err := connector.Parse("shop.yaml", []byte(text))
		switch want := "Methods[1]." + tt.fault + ": method "; {
		case tt.fault == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case tt.fault != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "needs Board")):
			t.Errorf("%s: %v, want %q, which needs Board", name, err, want)
		}
	}
}
