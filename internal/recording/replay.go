package recording

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// Player plays recordings.
type Player struct {
	Options invoke.Options // what scripts and files need
}

// Play makes the request of r again, and says what is not as it was recorded. Of
// a webhook nothing is requested, so there is nothing to play.
func (p Player) Play(ctx context.Context, c *connector.Connector, r *Recording) error {
	if m, err := r.Find(c); err != nil || m.MethodType == connector.Webhook {
		return err
	}
	server := httptest.NewServer(nil)
	defer server.Close()
	stage := Stage{server.URL}
	server.Config.Handler = r.answer(stage)
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}})
	defer client.Close()
	call, err := r.call(stage, c)
	if err != nil {
		return err
	}
	result, err := invoke.New(client, p.Options).Call(ctx, call)
	var failed *invoke.Error
	if err != nil && (!errors.As(err, &failed) || failed.Status != r.Response.Status || failed.Status == 0) {
		return fmt.Errorf("play %s: %w", r.Method, err)
	}
	return errors.Join(r.requested(stage, result.Request), r.understood(stage, result.Response))
}

// answer gives what was recorded.
func (r *Recording) answer(stage Stage) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		body := content(r.Response.Body)
		if len(body) > 0 && r.Response.Headers["Content-Type"] == "" {
			w.Header().Set("Content-Type", "application/json")
		}
		for name, value := range r.Response.Headers {
			w.Header().Set(name, stage.Aim(value))
		}
		w.WriteHeader(r.Response.Status)
		_, _ = w.Write([]byte(stage.Aim(string(body)))) // who asks sees what is missing
	})
}

// standIn is what credentials are in place of.
const standIn = "stand-in-credential"

// call is what r was made of, led to the stage.
func (r *Recording) call(stage Stage, c *connector.Connector) (call invoke.Call, err error) {
	if c, err = stage.Connector(c); err != nil {
		return call, err
	}
	call = invoke.Call{Connector: c, Parameters: r.Parameters, Properties: map[string]string{}, Page: stage.Aim(r.Page)}
	if call.Method, err = r.Find(c); err != nil {
		return call, err
	}
	if call.Auth.Authentication, err = r.Way(c); err != nil {
		return call, err
	}
	if call.Auth.Value, call.Auth.Values, err = standIns(call.Auth.Authentication); err != nil {
		return call, err
	}
	for name, value := range r.Properties {
		call.Properties[name] = stage.Aim(strings.Replace(value, "http://", "https://", 1))
	}
	if r.Body != nil {
		text, err := json.Marshal(r.Body)
		if err != nil {
			return call, fmt.Errorf("body of %s: %w", r.Method, err)
		}
		d := json.NewDecoder(strings.NewReader(stage.Aim(string(text))))
		d.UseNumber()
		if err := d.Decode(&call.Body); err != nil {
			return call, fmt.Errorf("body of %s: %w", r.Method, err)
		}
	}
	return call, nil
}

// standIns are credentials of the right form for a way to authenticate.
func standIns(a *connector.Authentication) (tandem.Secret, map[string]tandem.Secret, error) {
	values := map[string]tandem.Secret{connector.ClientIDProperty: standIn, connector.ClientSecretProperty: standIn}
	for _, f := range a.Fields {
		values[f.Name] = standIn
	}
	switch a.AuthType {
	case connector.AuthNone:
		return "", nil, nil
	case connector.AuthBasic:
		return tandem.Secret(base64.StdEncoding.EncodeToString([]byte("stand-in:" + standIn))), nil, nil
	case connector.AuthOAuth1:
		values["OAuthToken"], values["OAuthTokenSecret"] = standIn, standIn
	case connector.AuthAWS:
		values["AccessKeyId"], values["SecretAccessKey"] = standIn, standIn
	case connector.AuthMutualTLS:
		shown, key, err := certificate()
		if err != nil {
			return "", nil, err
		}
		values[connector.CertificateMember], values[connector.PrivateKeyMember] = tandem.Secret(shown), tandem.Secret(key)
	case connector.AuthAPIKey, connector.AuthFields, connector.AuthOAuth2, connector.AuthJWT: // have no further ones
	}
	return standIn, values, nil
}

// requested compares what was sent with what was recorded.
func (r *Recording) requested(stage Stage, got *tandem.Exchange) error {
	if got == nil {
		return errors.New("nothing was requested")
	}
	var errs []error
	if got.Method != r.Request.HTTPMethod {
		errs = append(errs, fmt.Errorf("HttpMethod is %s, was %s", got.Method, r.Request.HTTPMethod))
	}
	if url := stage.Real(got.URL); !sameURL(url, r.Request.URL) {
		errs = append(errs, fmt.Errorf("Url is %s, was %s", url, r.Request.URL))
	}
	for name, was := range r.Request.Headers {
		if is := stage.Real(got.Headers[http.CanonicalHeaderKey(name)]); is != was {
			errs = append(errs, fmt.Errorf("header %s is %q, was %q", name, is, was))
		}
	}
	if body := []byte(stage.Real(string(got.Body))); !same(raw(body), r.Request.Body) {
		errs = append(errs, fmt.Errorf("Body is %s, was %s", body, r.Request.Body))
	}
	return errors.Join(errs...)
}

// sameURL compares addresses without regard to their schemes, for the stage has
// one, and to the order of their queries.
func sameURL(a, b string) bool {
	u, errA := url.Parse(a)
	v, errB := url.Parse(b)
	if errA != nil || errB != nil {
		return a == b
	}
	return u.Host == v.Host && u.EscapedPath() == v.EscapedPath() && reflect.DeepEqual(u.Query(), v.Query())
}

// understood compares what steps see with what was recorded.
func (r *Recording) understood(stage Stage, got *tandem.Exchange) error {
	if got == nil {
		return errors.New("nothing was answered")
	}
	want := r.Document
	if want == nil {
		want = r.Response.Body
	}
	if body := []byte(stage.Real(string(got.Body))); !same(raw(body), want) {
		return fmt.Errorf("Document is %s, was %s", body, want)
	}
	return nil
}

// same compares JSON by its value; numbers as they are written.
func same(a, b json.RawMessage) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	values := make([]any, 2)
	for i, text := range []json.RawMessage{a, b} {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&values[i]); err != nil {
			return slices.Equal(a, b)
		}
	}
	return reflect.DeepEqual(values[0], values[1])
}
