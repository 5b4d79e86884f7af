package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

const (
	keyHeader      = "Idempotency-Key"
	replayedHeader = "Idempotency-Replayed"

	maxKey = 255 // characters
)

// keptHeaders are those that handlers set, and that an answer is given again with.
var keptHeaders = []string{"Content-Type", "Content-Disposition", "ETag", "Location", "Total-Pages", "Total-Records"}

// keyOf is the key by which a call is made once; "" if it has none. Only calls
// that are not idempotent by their method have one.
//
// Errors: Invalid.
func keyOf(r *http.Request, to Route) (string, error) {
	given := r.Header.Values(keyHeader)
	if len(given) == 0 || r.Method != post || to.Scope == Public {
		return "", nil
	}
	key := given[0]
	ok := len(given) == 1 && key != "" && utf8.ValidString(key) && utf8.RuneCountInString(key) <= maxKey
	for _, c := range key {
		ok = ok && unicode.IsPrint(c)
	}
	if !ok {
		return "", tandem.Invalidf(keyHeader, "%s: want 1 to %d printable characters", keyHeader, maxKey)
	}
	return key, nil
}

// once runs a call, unless it has an Idempotency-Key and was made before: then it
// answers as that time. What runs under a key is cut off before its claim ends, so
// that two never run at once.
//
// Errors: what stands in the way, when it was not run.
func (a *API) once(w http.ResponseWriter, r *http.Request, in caller, act *tandem.Act, run func(context.Context)) error {
	record := recordOf(r.Context())
	key, err := keyOf(r, record.route)
	if err != nil {
		return err
	}
	call := ""
	if key != "" {
		if call, err = a.callOf(w, r, in); err != nil {
			return err
		}
	}
	if call == "" {
		run(r.Context())
		return nil
	}
	who := record.who
	claim := tandem.Claim{
		Partner: who.Partner, Call: call,
		Name: fmt.Sprintf("client %q, console user %d, user %d: %s", who.Client, who.ConsoleUser, who.User, key),
	}
	answer, err := a.services.Replays.Begin(r.Context(), &claim)
	if err != nil {
		return err
	}
	if answer != nil {
		act.Reads = true // the log has it from the first time
		replay(w, answer)
		return nil
	}
	act.Claim = &claim
	a.runClaimed(r.Context(), claim, record, run)
	return nil
}

// callOf is all that a request asks for. It reads the body, and puts it back; ""
// if that is too long, which the call is refused for when it is run.
func (a *API) callOf(w http.ResponseWriter, r *http.Request, in caller) (string, error) {
	connection := http.NewResponseController(w)
	if err := connection.SetReadDeadline(time.Now().Add(bodyTime)); err != nil {
		return "", fmt.Errorf("limit the time of a body: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, a.options.MaxBody+1))
	if err != nil {
		return "", &tandem.Error{Code: tandem.Invalid, Message: "The body could not be read.", Err: err}
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), r.Body), r.Body}
	if int64(len(body)) > a.options.MaxBody {
		return "", nil
	}
	call := fmt.Sprintf("%s %s in account %d: %x", r.Method, r.URL.RequestURI(), in.place.Account, sha256.Sum256(body))
	return call, connection.SetReadDeadline(time.Time{})
}

// runClaimed runs a call, and keeps its answer if that tells what came of it.
func (a *API) runClaimed(ctx context.Context, c tandem.Claim, r *record, run func(context.Context)) {
	limited, cancel := context.WithTimeout(ctx, tandem.ReplayPatience-time.Minute)
	defer cancel()
	r.copy = &bytes.Buffer{}
	ended := false
	defer func() {
		ctx := context.WithoutCancel(ctx) // the client may have gone
		var err error
		if ended && keeps(r.status) {
			err = a.services.Replays.End(ctx, c, r.answer())
		} else {
			err = a.services.Replays.Free(ctx, c)
		}
		if err != nil {
			a.log.ErrorContext(ctx, "an answer was not kept", "request_id", r.id, "error", err)
		}
	}()
	run(limited)
	ended = true
}

// keeps says whether an answer is the one to give again. Others are not about the
// call, and the next attempt may have another.
func keeps(status int) bool {
	switch status {
	case 0, http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		return false
	}
	return status < http.StatusInternalServerError
}

// answer is what was answered, for who asks again.
func (r *record) answer() tandem.Replay {
	kept := tandem.Replay{Status: r.status, Header: http.Header{}, Body: r.copy.Bytes()}
	for _, name := range keptHeaders {
		if values := r.Header().Values(name); len(values) > 0 {
			kept.Header[http.CanonicalHeaderKey(name)] = values
		}
	}
	return kept
}

func replay(w http.ResponseWriter, answer *tandem.Replay) {
	for name, values := range answer.Header {
		w.Header()[name] = values
	}
	w.Header().Set(replayedHeader, "true")
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body) // the client has gone
}
