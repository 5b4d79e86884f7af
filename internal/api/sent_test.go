package api

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

func TestSentOf(t *testing.T) {
	type secretive struct {
		Inner []struct {
			Pass tandem.Secret `json:"phrase"`
		}
	}
	secret := secretProperties(reflect.TypeFor[struct{ Body *secretive }]())
	for body, want := range map[string]string{
		``:                 ``,
		` `:                ``,
		`not JSON`:         ``,
		`grant_type=x`:     ``,
		`"a secret alone"`: `"***"`,
		`17`:               `17`,
		`{"Name":"Books","Password":"p","n":1.50,"Enabled":true}`:                                                  `{"Enabled":true,"Name":"Books","Password":"***","n":1.50}`,
		`{"AuthValue":"a","authValue":null,"ClientSecret":"","Credentials":{"a":"b"}}`:                             `{"AuthValue":"***","ClientSecret":"","Credentials":"***","authValue":null}`,
		`[{"SystemName":"x","Value":"v"},{"Properties":[{"Name":"K","value":["v"]}]}]`:                             `[{"SystemName":"x","Value":"***"},{"Properties":[{"Name":"K","value":"***"}]}]`,
		`{"ApiKey":"k","MasterKey":"k","Keyboard":"ok","AccessToken":"t","Code":"1"}`:                              `{"AccessToken":"***","ApiKey":"***","Code":"***","Keyboard":"ok","MasterKey":"***"}`,
		`{"Inner":[{"Phrase":"open sesame"}]}`:                                                                     `{"Inner":[{"Phrase":"***"}]}`,
		`{"Url":"https://u:p@x.test/hook?sig=1#f","Other":"see http://u:p@x.test"}`:                                `{"Other":"see http://u:p@x.test","Url":"https://x.test/hook?***"}`,
		`{"TransactionErrorWebhookUrl":"https://u:p@hooks.test/T1/secret?x=1","WebhookUrl":"secret","HookUrl":""}`: `{"HookUrl":"","TransactionErrorWebhookUrl":"https://hooks.test/***","WebhookUrl":"***"}`,
		`{"Text":"a\u0000b"}`: `{"Text":"ab"}`,
		`{"a":1} trailing`:    `{"a":1}`,
	} {
		if got := string(sentOf([]byte(body), secret)); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

func TestSentIsCut(t *testing.T) {
	long, err := json.Marshal(map[string]string{"Name": strings.Repeat("é", 3000)})
	if err != nil {
		t.Fatal(err)
	}
	if got := sentOf(long, nil); len(got) > maxSent || len(got) < maxSent-4 || !utf8.Valid(got) || !strings.HasSuffix(string(got), cut) {
		t.Errorf("%d bytes, ending %q", len(got), got[len(got)-9:])
	}
	if got := sentOf([]byte(`{"Name":"`+strings.Repeat("x", maxRead)+`"}`), nil); string(got) != cut {
		t.Errorf("%d bytes", len(got))
	}
}

// Whatever is sent, no secret of it stays.
func FuzzSentOf(f *testing.F) {
	f.Add(`{"a":{"Password":"canary"},"b":["x",{"value":["canary"]}]}`)
	f.Add(`{"AuthValue":{"deep":{"deeper":"canary"}},"Url":"https://canary@x/?canary"}`)
	f.Fuzz(func(t *testing.T, body string) {
		got := sentOf([]byte(body), nil)
		if !utf8.Valid(got) || len(got) > maxSent {
			t.Fatalf("%q", got)
		}
		var v any
		if len(got) > 0 && !strings.HasSuffix(string(got), cut) && json.Unmarshal(got, &v) != nil {
			t.Fatalf("%q is no JSON", got)
		}
		var check func(v any)
		check = func(v any) {
			switch v := v.(type) {
			case []any:
				for _, inner := range v {
					check(inner)
				}
			case map[string]any:
				for name, inner := range v {
					if text, ok := inner.(string); ok && secretNames.MatchString(name) && text != mask && text != "" {
						t.Errorf("%s: %s", name, text)
					}
					check(inner)
				}
			}
		}
		check(v)
	})
}
