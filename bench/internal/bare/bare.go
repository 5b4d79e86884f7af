// Package bare is the baseline: the three works of the benchmark written by
// hand on net/http, as the least that a machine can do them with.
//
// Without a database a request is answered after its delivery, and nothing is
// kept. With one, the event is inserted in SQLite (WAL, synchronous=FULL, one
// writer with group commit) before it is answered; a pool delivers it, and its
// end and output are written back with a later group.
package bare

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
)

const workers = 64 // that deliver what was inserted

// Run serves POST /a, /b and /c on a free port of the loopback and writes the
// base URL as a line to out. Deliveries go to sink. db is the database's file,
// "" for none. It ends with ctx.
func Run(ctx context.Context, sink, db string, out io.Writer) error {
	s := &server{works: newCaller(sink).works()}
	if db != "" {
		j, err := openJournal(ctx, db)
		if err != nil {
			return fmt.Errorf("open %s: %w", db, err)
		}
		s.journal = j
		s.accepted = make(chan job, 1<<14)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: s.routes(), BaseContext: func(net.Listener) context.Context { return ctx }}
	context.AfterFunc(ctx, func() { _ = srv.Close() })
	if _, err := fmt.Fprintf(out, "http://%s\n", l.Addr()); err != nil {
		return err
	}
	var pool sync.WaitGroup
	if s.journal != nil {
		for range workers {
			pool.Go(func() { s.deliver(ctx) })
		}
	}
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	pool.Wait()
	if s.journal == nil {
		return nil
	}
	return s.journal.wait()
}

// work delivers one event and returns what is to be recorded of it.
type work func(event []byte) (output []byte, err error)

type server struct {
	works    map[string]work // by path
	journal  *journal        // nil: nothing is kept
	accepted chan job
}

type job struct {
	id    int64
	path  string
	event []byte
}

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	for path := range s.works {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			event, err := io.ReadAll(r.Body)
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			if s.journal == nil {
				s.answerAfterDelivery(w, path, event)
			} else {
				s.answerAfterInsert(r.Context(), w, path, event)
			}
		})
	}
	return mux
}

func (s *server) answerAfterDelivery(w http.ResponseWriter, path string, event []byte) {
	if _, err := s.works[path](event); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	answer(w, http.StatusOK, `{"ok":true}`)
}

func (s *server) answerAfterInsert(ctx context.Context, w http.ResponseWriter, path string, event []byte) {
	id, err := s.journal.insert(ctx, path, event)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.accepted <- job{id, path, event}
	answer(w, http.StatusAccepted, `{"accepted":true}`)
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header()["Content-Type"] = []string{"application/json"}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // the caller has gone; nobody is left to tell
}

func (s *server) deliver(ctx context.Context) {
	for {
		select {
		case j := <-s.accepted:
			output, err := s.works[j.path](j.event)
			if err != nil {
				fmt.Fprintln(os.Stderr, "deliver:", err)
			}
			if err := s.journal.finish(ctx, j.id, err == nil, output); err != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}
