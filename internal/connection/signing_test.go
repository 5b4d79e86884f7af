package connection_test

import (
	"encoding/base64"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/connection"
)

// What requests are signed with is what the account connector has of it, or what
// the third party said; of another's account connector nothing.
func TestSigningSecret(t *testing.T) {
	w := newWorld(t, connection.Options{})
	key := w.install(t, full)
	basic := full
	basic.AuthenticationID, basic.AuthValue = w.library.Authentication[1].ID, tandem.Secret(base64.StdEncoding.EncodeToString([]byte("ada:s3cret")))
	named := w.install(t, basic)
	for name, tt := range map[string]struct {
		account tandem.AccountID
		id      tandem.AccountConnectorID
		text    string
		want    tandem.Secret
	}{
		"a property":           {w.root, key.ID, "{{Region}}", "hidden-region"},
		"below":                {w.sub, key.ID, "{{Region}}", "hidden-region"},
		"the key":              {w.root, key.ID, "{{Cyclr_Auth_ApiKey}}", "s3cret-key"},
		"the password":         {w.root, named.ID, "{{Cyclr_Auth_Username}}/{{Cyclr_Auth_Password}}", "ada/s3cret"},
		"what was said":        {w.root, key.ID, "{{Cyclr_Webhook_Secret}}", "said"},
		"nothing":              {w.root, key.ID, "{{Fixed}}", ""},
		"one part":             {w.root, key.ID, "whsec_{{Fixed}}{{Region}}", ""},
		"nothing but text":     {w.root, 0, "whsec_{{Region}}", ""},
		"another's":            {w.another, key.ID, "{{Region}}", ""},
		"no account connector": {w.root, 0, "{{Cyclr_Webhook_Secret}}", "said"},
	} {
		got, err := w.SigningSecret(t.Context(), tt.account, tt.id, tt.text, "said")
		if err != nil || got != tt.want {
			t.Errorf("%s: %d characters, %v, want %d", name, len(got), err, len(tt.want))
		}
	}
}
