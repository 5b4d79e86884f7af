package invoke_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// A third party that sends back all it was told, in every form it can think of.
func TestEchoedCredentials(t *testing.T) {
	const key, property = `s3cr3t/+"<é`, "pr0p&erty 1"
	pair := "ada:" + key
	encoded := base64.StdEncoding.EncodeToString([]byte(pair))
	forms := []string{
		key, url.QueryEscape(key), url.PathEscape(key), base64.StdEncoding.EncodeToString([]byte(key)),
		base64.URLEncoding.EncodeToString([]byte(key)), encoded, pair, property, url.QueryEscape(property),
	}
	for _, status := range []int{200, 400} {
		p := newParty(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Echo", r.Header.Get("Authorization")+" "+url.QueryEscape(key))
			w.Header().Set("Set-Cookie", "session=abc")
			w.WriteHeader(status)
			json.NewEncoder(w).Encode(map[string]any{"forms": forms, key: "as a name", "text": "around " + strings.Join(forms, " and ")})
		})
		call := method(p.URL, connector.Method{Parameters: []connector.Parameter{{Name: "q", TargetType: connector.QueryString}}},
			connector.Parameter{Name: "Prop", TargetType: connector.HTTPHeader, TargetName: "X-Prop", Sensitive: true})
		call.Properties["Prop"] = property
		call.Parameters = values{"q": "key is " + key}
		call.Body = object{"key": key, "both": encoded + property}
		call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthBasic}, Value: tandem.Secret(encoded)}
		result, err := newCaller(t).Call(t.Context(), call)
		if (err == nil) != (status == 200) {
			t.Fatal(err)
		}
		if sent := p.last(t); !strings.Contains(sent.Body, "s3cr3t") || sent.Header.Get("X-Prop") != property {
			t.Fatalf("the secrets were not sent: %+v", sent)
		}
		var encodedForms []string
		for _, f := range forms {
			b, _ := json.Marshal(f)
			encodedForms = append(encodedForms, strings.Trim(string(b), `"`))
		}
		wantNone(t, result, append(append(encodedForms, forms...), "s3cr3t", "pr0p", "session=abc")...)
		if status == 200 && fmt.Sprint(document(result).(object)["text"]) == "" {
			t.Error("the rest of the document is gone")
		}
	}
}

func TestRedactionKeepsTheRest(t *testing.T) {
	const body = `{"a":"k3y-valu","n":1.50,"list":[1,null,true],"text":"é\u00e9\n"}`
	p := newParty(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, body) })
	call := method(p.URL, connector.Method{})
	call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey}, Value: "k3y-value"}
	result, err := newCaller(t).Call(t.Context(), call)
	if err != nil || string(result.Response.Body) != body {
		t.Errorf("recorded %s, %v", result.Response.Body, err)
	}
}

// Escapes, and numbers that are a key, do not get through either.
func TestRedactionSeesThroughEscapes(t *testing.T) {
	p := newParty(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"a":"\u0031\u0032345678","n":12345678,"ok":"x"}`)
	})
	call := method(p.URL, connector.Method{})
	call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey}, Value: "12345678"}
	result, err := newCaller(t).Call(t.Context(), call)
	if err != nil || string(result.Response.Body) != `{"a":"***","n":"***","ok":"x"}` {
		t.Errorf("recorded %s, %v", result.Response.Body, err)
	}
}

func TestShortPasswords(t *testing.T) {
	p := newParty(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{"text":"x marks my-api-key"}`) })
	call := method(p.URL, connector.Method{})
	call.Auth = invoke.Credentials{
		Authentication: &connector.Authentication{AuthType: connector.AuthBasic},
		Value:          tandem.Secret(base64.StdEncoding.EncodeToString([]byte("my-api-key:x"))),
	}
	result, err := newCaller(t).Call(t.Context(), call)
	if err != nil || string(result.Response.Body) != `{"text":"x marks ***"}` {
		t.Errorf("recorded %s, %v", result.Response.Body, err)
	}
}

func TestErrorsHoldNoCredentials(t *testing.T) {
	call := method("http://s3cr3t-key.invalid", connector.Method{})
	call.Auth = invoke.Credentials{Authentication: &connector.Authentication{
		AuthType: connector.AuthAPIKey, TargetType: connector.QueryString, TargetName: "key",
	}, Value: "s3cr3t-key"}
	result, err := newCaller(t).Call(t.Context(), call)
	if err == nil || strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("got %v", err)
	}
	wantNone(t, result, "s3cr3t")
	if !strings.HasSuffix(result.Request.URL, "?key=***") {
		t.Errorf("recorded %s", result.Request.URL)
	}
}

// Wherever a secret stands in an answer, none of it is kept.
func TestRedactionProperty(t *testing.T) {
	var answer string
	p := newParty(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, answer) })
	c := newCaller(t)
	rapid.Check(t, func(rt *rapid.T) {
		secret := rapid.StringMatching(`[A-Za-z0-9+/=&"\\<é %.-]{4,12}`).Draw(rt, "secret")
		around := rapid.StringMatching(`[a-z*"\\]{0,3}`)
		text := around.Draw(rt, "before") + secret + around.Draw(rt, "after")
		b, err := json.Marshal(object{"list": []any{text, object{text: 1}}})
		if err != nil {
			rt.Fatal(err)
		}
		answer = string(b)
		call := method(p.URL, connector.Method{})
		call.Auth = invoke.Credentials{
			Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.MergeField}, Value: tandem.Secret(secret),
		}
		result, err := c.Call(t.Context(), call)
		if err != nil {
			rt.Fatal(err)
		}
		var texts func(v any) []string
		texts = func(v any) (out []string) {
			switch v := v.(type) {
			case string:
				return []string{v}
			case []any:
				for _, item := range v {
					out = append(out, texts(item)...)
				}
			case object:
				for name, member := range v {
					out = append(append(out, name), texts(member)...)
				}
			}
			return out
		}
		for _, kept := range texts(document(result)) {
			if strings.Contains(kept, secret) {
				rt.Fatalf("%q is in %s", secret, result.Response.Body)
			}
		}
	})
}

// However a third party escapes what it was told, and whatever the kind of its
// answer, none of it is kept, and the rest is.
func TestDisguisedCredentials(t *testing.T) {
	const key = `k3y/Ünï"s&cr%41t+9 \x`
	quoted, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := json.Marshal(string(quoted))
	if err != nil {
		t.Fatal(err)
	}
	all := func(format string) string {
		var b strings.Builder
		for _, c := range []byte(key) {
			fmt.Fprintf(&b, format, c)
		}
		return b.String()
	}
	var units strings.Builder
	for _, r := range key {
		fmt.Fprintf(&units, `\u%04x`, r)
	}
	for name, disguise := range map[string]string{
		"JSON": string(quoted), "JSON in JSON": string(twice), "JSON of PHP": strings.ReplaceAll(string(quoted), "/", `\/`),
		"JSON units": units.String(), "query": url.QueryEscape(key), "path": url.PathEscape(key),
		"path with slashes": strings.ReplaceAll(url.PathEscape(key), "%2F", "/"), "small query": strings.ToLower(url.QueryEscape(strings.ToLower(key))),
		"all of a URL": all("%%%02X"), "HTML": html.EscapeString(key), "HTML by name": strings.ReplaceAll(html.EscapeString(key), "&#34;", "&quot;"),
		"hex": hex.EncodeToString([]byte(key)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(key))),
		"base64": base64.StdEncoding.EncodeToString([]byte("key: " + key)), "base64 of a URL": base64.URLEncoding.EncodeToString([]byte("key:" + key + "!")),
		"base64 aligned": base64.StdEncoding.EncodeToString([]byte("key" + key)),
	} {
		secret := key
		if name == "small query" {
			secret = strings.ToLower(key)
		}
		for _, status := range []int{200, 401} {
			p := newParty(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Echo", "before "+disguise+" after")
				w.WriteHeader(status)
				fmt.Fprint(w, `before `+disguise+` after`)
			})
			call := method(p.URL, connector.Method{})
			call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey}, Value: tandem.Secret(secret)}
			call.Method.ResponseDataType = connector.NoBody
			result, err := newCaller(t).Call(t.Context(), call)
			if (err == nil) != (status == 200) {
				t.Fatal(err)
			}
			for where, kept := range map[string]string{"body": string(result.Response.Body), "header": result.Response.Headers["X-Echo"]} {
				if !strings.HasPrefix(kept, "before ") || !strings.HasSuffix(kept, " after") || !strings.Contains(kept, "***") || len(kept) > len("before *** after")+12 {
					t.Errorf("%s, %d: the %s is kept as %q", name, status, where, kept)
				}
			}
		}
	}
}

// Looking for secrets in what is made to be looked through takes time in
// proportion to its length.
func TestRedactionIsLinear(t *testing.T) {
	for _, piece := range []string{`\`, `\u`, `%`, `%2`, `&`, `&amp;`, `\"`, "k", `\u006b`} {
		answer := strings.Repeat(piece, 1<<20/len(piece))
		p := newParty(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, answer) })
		call := method(p.URL, connector.Method{})
		call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey}, Value: "kkkkkkk-secret"}
		call.Method.ResponseDataType = connector.NoBody
		start := time.Now()
		if _, err := newCaller(t).Call(t.Context(), call); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%s: %s", piece, took)
		}
	}
}
