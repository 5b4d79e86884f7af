// Package rest is what the sample applications share: a program that serves JSON
// on one address and stops gracefully. The applications stand for other people's
// software, so nothing here, or in them, knows of Tandem.
package rest

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	maxBody  = 1 << 20 // bytes
	stopTime = 5 * time.Second
)

// Main runs a program until it ends or is interrupted, and ends the process: with
// 1 if the program failed.
func Main(name string, program func(ctx context.Context, args []string, stdout, stderr io.Writer) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := program(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

// Serve listens on address, writes the base URL that it listens on as one line
// to out, and serves until ctx is cancelled; requests under way then have five
// seconds to end.
func Serve(ctx context.Context, address string, h http.Handler, out io.Writer) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	if _, err := fmt.Fprintf(out, "http://%s\n", l.Addr()); err != nil {
		return errors.Join(err, srv.Close())
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return srv.Shutdown(end)
}

// Error is a failure with the status to answer it with.
type Error struct {
	Status  int
	Message string
}

func (e *Error) Error() string { return e.Message }

// Errorf makes an Error.
func Errorf(status int, format string, args ...any) error {
	return &Error{Status: status, Message: fmt.Sprintf(format, args...)}
}

// Handler answers a request with a status and a value to write as JSON, or
// with an error. A nil value writes no body.
type Handler func(w http.ResponseWriter, r *http.Request) (status int, v any, err error)

func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	status, v, err := h(w, r)
	if err != nil {
		Fail(w, err)
		return
	}
	write(w, status, v)
}

// Fail answers with {"error": message}. An error that is no Error is 500.
func Fail(w http.ResponseWriter, err error) {
	e := &Error{Status: http.StatusInternalServerError, Message: "internal error"}
	errors.As(err, &e)
	write(w, e.Status, map[string]string{"error": e.Message})
}

func write(w http.ResponseWriter, status int, v any) {
	if v == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client has gone; nobody is left to tell
}

// Read decodes a JSON body into v. Errors: 400 and 413, as Error.
func Read(r *http.Request, v any) error {
	err := json.NewDecoder(r.Body).Decode(v)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return Errorf(http.StatusRequestEntityTooLarge, "the body is over %d bytes", large.Limit)
	case err != nil:
		return Errorf(http.StatusBadRequest, "the body is not valid JSON: %v", err)
	}
	return nil
}
