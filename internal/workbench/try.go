package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/recording"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// Played is a recording that was played; Err says what is another now.
type Played struct {
	File string
	Err  error
}

// Play plays all recordings of the definition in file.
func Play(ctx context.Context, file string, c *connector.Connector) ([]Played, error) {
	file, err := find(file)
	if err != nil {
		return nil, err
	}
	names, err := filepath.Glob(filepath.Join(folder(file), "*.json"))
	if err != nil {
		return nil, err
	}
	pool := script.NewPool(slog.New(slog.DiscardHandler), script.Options{})
	player := recording.Player{Options: invoke.Options{Scripts: pool}}
	all := make([]Played, len(names))
	for i, name := range names {
		all[i] = Played{name, play(ctx, player, name, c)}
	}
	return all, pool.Close()
}

func play(ctx context.Context, p recording.Player, name string, c *connector.Connector) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if found := recording.Secrets(text); len(found) > 0 {
		return fmt.Errorf("it looks as if it had secrets, or people, in it: %s", strings.Join(found, ", "))
	}
	r, err := recording.Parse(text)
	if err != nil {
		return err
	}
	return p.Play(ctx, c, r)
}

// Attempt is a call of one method, for real.
type Attempt struct {
	recording.Recording               // Method, Authentication, Properties, Parameters, Body
	AuthValue           tandem.Secret // as for an account connector; of OAuth 2.0 an access token
	Reach
}

// Try calls a method and gives what was requested and answered, without
// credentials. An error beside it is the call's.
func Try(ctx context.Context, c *connector.Connector, a Attempt) (*recording.Recording, error) {
	call := invoke.Call{
		Connector: c, Parameters: a.Parameters, Properties: a.Properties, Body: a.Body, IdempotencyKey: tandem.NewGUID(),
	}
	var err error
	if call.Method, err = a.Find(c); err != nil {
		return nil, err
	}
	if call.Auth, err = a.credentials(c); err != nil {
		return nil, err
	}
	client, err := a.Reach.client(0)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	pool := script.NewPool(slog.New(slog.DiscardHandler), script.Options{})
	result, err := invoke.New(client, invoke.Options{Scripts: pool}).Call(ctx, call)
	return recording.New(a.Recording, result.Request, result.Response), errors.Join(err, pool.Close())
}

// credentials are the AuthValue as a call takes it.
func (a *Attempt) credentials(c *connector.Connector) (invoke.Credentials, error) {
	auth, err := a.Way(c)
	if err != nil {
		return invoke.Credentials{}, err
	}
	got := invoke.Credentials{Authentication: auth, Value: a.AuthValue}
	if strings.HasPrefix(strings.TrimSpace(string(a.AuthValue)), "{") {
		if err := json.Unmarshal([]byte(a.AuthValue), &got.Values); err != nil {
			return got, errors.New("the AuthValue is not a JSON object of texts")
		}
		got.Value = got.Values["AccessToken"]
	}
	return got, nil
}
