package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/tandem-ipaas/tandem/internal/script/wire"
)

// maxResult is how large what comes out of scripts may be in all, in bytes.
const maxResult = 16 << 20

// Work does what the server asks for, one thing after the other, until in ends.
// It is the whole of a process: if in ends in the middle of something, which
// nothing here may be able to stop, it ends the process.
func Work(in io.Reader, out io.Writer) error {
	w := &worker{out: out, code: code{}, messages: make(chan wire.Message)}
	ended := make(chan error, 1)
	go func() { ended <- w.listen(in) }()
	for {
		if err := w.clear(); err != nil {
			return err
		}
		if err := wire.Write(out, wire.Message{Ready: wire.Version}); err != nil {
			return err
		}
		w.idle.Store(true)
		select {
		case m := <-w.messages:
			w.idle.Store(false)
			done, err := w.do(m)
			if err == nil {
				err = wire.Write(out, wire.Message{Done: done})
			}
			if err != nil {
				return err
			}
		case err := <-ended:
			return err
		}
	}
}

// worker is the state of Work.
type worker struct {
	out      io.Writer
	messages chan wire.Message
	code     code

	idle     atomic.Bool
	confined bool
	spare    *machine   // made while there was nothing to do
	used     []*machine // closed when there is nothing to do
	log      logbook
}

// listen passes on the messages of in until it ends.
func (w *worker) listen(in io.Reader) error {
	r := wire.NewReader(in)
	for {
		m, err := r.Read()
		if err != nil && !w.idle.Load() {
			os.Exit(1) // the server is gone
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		w.messages <- m
	}
}

// clear throws away what the last message used and prepares for the next.
func (w *worker) clear() (err error) {
	for _, m := range w.used {
		m.close()
	}
	w.used, w.log = nil, logbook{}
	if w.spare == nil {
		w.spare, err = newMachine(w.code, w.host)
	}
	return err
}

// do does what a message asks for.
func (w *worker) do(m wire.Message) (*wire.Done, error) {
	switch {
	case m.Run != nil:
		return w.run(m.Run)
	case m.Inline != nil:
		return w.inline(m.Inline)
	case m.Check != nil:
		next, err := w.machine(m.Check.Limits, time.Now())
		if err != nil {
			return nil, err
		}
		return &wire.Done{Fault: next.check(m.Check.Text)}, nil
	}
	return nil, errors.New("a message that asks for nothing")
}

// machine is a fresh machine with limits, of which the time began at start.
func (w *worker) machine(l wire.Limits, start time.Time) (m *machine, err error) {
	if !w.confined {
		if err := confine(l.Memory); err != nil {
			return nil, fmt.Errorf("confine the worker: %w", err)
		}
		w.confined = true
	}
	m, w.spare = w.spare, nil
	if m == nil {
		if m, err = newMachine(w.code, w.host); err != nil {
			return nil, err
		}
	}
	w.used = append(w.used, m)
	m.limit(start.Add(time.Duration(l.Milliseconds)*time.Millisecond), l.Memory/2) // the other half is for copies
	return m, nil
}

// run calls the handlers of an event, each in a machine of its own.
func (w *worker) run(r *wire.Run) (*wire.Done, error) {
	start := time.Now()
	done := &wire.Done{State: r.State}
	for _, l := range r.Levels {
		m, err := w.machine(r.Limits, start)
		if err != nil {
			return nil, err
		}
		o, fault := m.handle(l.Text, r.Event, globals(done.State, l.Visible), r.Change)
		if fault != nil {
			fault.Level = l.Name
			return &wire.Done{Fault: fault}, nil
		}
		if o == nil {
			continue
		}
		for name, v := range o.State {
			done.State[name] = v
		}
		if done.True, done.Stopped = o.True, o.Stopped; o.Stopped {
			break
		}
	}
	changed, size := map[string]json.RawMessage{}, 0
	for _, name := range r.Change {
		changed[name] = done.State[name]
		size += len(changed[name])
	}
	if size > maxResult {
		return &wire.Done{Fault: tooLarge(size)}, nil
	}
	done.State = changed
	return done, nil
}

// inline evaluates expressions, all in one machine: they are one person's.
func (w *worker) inline(in *wire.Inline) (*wire.Done, error) {
	m, err := w.machine(in.Limits, time.Now())
	if err != nil {
		return nil, err
	}
	done, size := &wire.Done{}, 0
	for _, e := range in.Expressions {
		o, fault := m.express(e)
		if o != nil {
			size += len(o.Value)
		}
		switch {
		case fault != nil && (fault.Kind == kindTimeout || fault.Kind == kindMemory):
			return &wire.Done{Fault: fault}, nil
		case fault != nil:
			done.Results = append(done.Results, wire.Result{Fault: fault})
		case size > maxResult:
			return &wire.Done{Fault: tooLarge(size)}, nil
		default:
			done.Results = append(done.Results, wire.Result{Value: o.Value})
		}
	}
	return done, nil
}

func tooLarge(size int) *wire.Fault {
	return &wire.Fault{Kind: kindTooLarge, Message: fmt.Sprintf("the result has %d bytes, and %d are the most", size, maxResult)}
}

// globals is one JSON object of several.
func globals(all ...map[string]json.RawMessage) []byte {
	var o bytes.Buffer
	for _, some := range all {
		for name, value := range some {
			o.WriteByte(',')
			o.WriteString(`"` + name + `":`) // names are of a table, or of Go code
			o.Write(value)
		}
	}
	if o.Len() == 0 {
		return []byte("{}")
	}
	o.Bytes()[0] = '{'
	o.WriteByte('}')
	return o.Bytes()
}
