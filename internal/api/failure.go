package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
)

const jsonType = "application/json"

// failure is how every error looks to a client.
type failure struct {
	Message    string              `doc:"What is wrong, for a person to read."`
	ModelState map[string][]string `json:",omitempty" doc:"What is wrong with which field."`

	Prerequisites []tandem.Prerequisite `json:",omitempty" doc:"What a cycle needs before it can start."`

	status  int
	headers http.Header
}

// Error implements error.
func (f *failure) Error() string { return f.Message }

// GetStatus implements huma.StatusError.
func (f *failure) GetStatus() int { return f.status }

// GetHeaders implements huma.HeadersError.
func (f *failure) GetHeaders() http.Header { return f.headers }

// broken is all that a client is told when the fault is ours.
const broken = "An error has occurred."

// reason says what is wrong with e's field: more than e, if an error for the
// person is beneath it that is about the same field.
func reason(e *tandem.Error) string {
	var why *tandem.Error
	if errors.As(e.Err, &why) && why.Field == e.Field {
		return why.Message
	}
	return e.Message
}

// failureOf is what a client is told of err.
func failureOf(err error) *failure {
	err = tandem.Told(err)
	var e *tandem.Error
	if !errors.As(err, &e) || e.Code == tandem.Internal {
		return &failure{Message: broken, status: http.StatusInternalServerError}
	}
	f := &failure{Message: e.Message, status: e.Code.Status(), headers: http.Header{}}
	var missing tandem.Unready
	if errors.As(err, &missing) {
		f.Prerequisites = missing
	}
	if e.Field != "" {
		f.ModelState = map[string][]string{e.Field: {reason(e)}}
	}
	e.Postpone(f.headers)
	if e.Code == tandem.Unauthenticated {
		f.headers.Set("WWW-Authenticate", "Bearer")
	}
	return f
}

// fail turns what a handler returned into what huma writes, and keeps the cause
// for the log.
func fail(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	recordOf(ctx).err = err
	return failureOf(err)
}

// refuse answers with an error, outside of huma.
func refuse(w http.ResponseWriter, err error) {
	f := failureOf(err)
	for name, values := range f.headers {
		w.Header()[name] = values
	}
	write(w, f.status, f)
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client has gone
}

// capital is text with a capital at its beginning.
func capital(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// size is a number of bytes for a person.
func size(bytes int64) string {
	const mib = 1 << 20
	if bytes%mib == 0 {
		return fmt.Sprintf("%d MiB", bytes/mib)
	}
	return fmt.Sprintf("%d bytes", bytes)
}

// reshape turns huma's own errors into ours.
func (a *API) reshape(_ huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	f := &failure{Message: capital(m.Detail) + "."}
	switch {
	case m.Status >= http.StatusInternalServerError:
		f.Message = broken
		return f, nil
	case m.Status == http.StatusRequestEntityTooLarge:
		f.Message = "The request body has more than " + size(a.options.MaxBody) + "."
		return f, nil
	}
	for _, d := range m.Errors {
		field, message := strings.TrimPrefix(d.Location, "body."), d.Message
		for _, place := range []string{"path.", "query.", "header."} {
			field = strings.TrimPrefix(field, place)
		}
		if field == "body" { // see explain
			if name, rest, ok := strings.Cut(message, fieldMark); ok {
				field, message = name, rest
			}
		}
		if f.ModelState == nil {
			f.Message, f.ModelState = "The request is invalid.", map[string][]string{}
		}
		f.ModelState[field] = append(f.ModelState[field], message)
	}
	return f, nil
}
