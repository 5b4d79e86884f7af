package script

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem/internal/script/wire"
)

// What is believed of a worker.
const (
	maxDepth = 100      // of JSON
	maxLines = 300      // of the log
	maxLog   = 80 << 10 // bytes
)

// grace is how long a worker has to end a script by itself, which is cheaper than
// to kill it.
const grace = 200 * time.Millisecond

// trip is one message to a worker, and what comes back.
type trip struct {
	owner   string
	host    Host
	timeout time.Duration
	message wire.Message

	log  []string
	size int // of log
}

// Run runs the scripts of an event. An error is an [*Error], that of ctx, or a
// value of the job that has no JSON; the log up to it is in the Outcome.
func (p *Pool) Run(ctx context.Context, j Job) (*Outcome, error) {
	run, err := j.run()
	if err != nil {
		return nil, err
	}
	t := &trip{owner: j.Owner, host: j.Host, timeout: p.within(j.Timeout), message: wire.Message{Run: run}}
	done := &wire.Done{State: map[string]json.RawMessage{}}
	if len(run.Levels) > 0 {
		run.Limits = p.limits(t.timeout)
		if done, err = p.travel(ctx, t); err != nil {
			return &Outcome{Log: t.log}, err
		}
	}
	o := &Outcome{State: map[string]json.RawMessage{}, Go: !done.Stopped, True: done.True, Log: t.log}
	for _, name := range run.Change {
		o.State[name] = run.State[name]
		if value, ok := done.State[name]; ok {
			o.State[name] = value
		}
		if tooDeep(o.State[name]) {
			return &Outcome{Log: t.log}, &Error{Kind: TooLarge, Message: fmt.Sprintf("%s is nested deeper than %d", name, maxDepth)}
		}
	}
	return o, nil
}

// checks owns the trips of Check, which are for whoever writes scripts: together
// they leave most workers to the scripts that run.
const checks = "checks"

// Check says what is wrong with the syntax of a script, as an [*Error] of the kind
// Syntax with its line, or of another kind if that cannot be told.
func (p *Pool) Check(ctx context.Context, text string) error {
	const within = 5 * time.Second
	_, err := p.travel(ctx, &trip{owner: checks, timeout: within, message: wire.Message{Check: &wire.Check{Limits: p.limits(within), Text: text}}})
	return err
}

func (p *Pool) within(timeout time.Duration) time.Duration {
	if timeout <= 0 {
		return p.options.Timeout
	}
	return min(timeout, p.options.Timeout)
}

func (p *Pool) limits(timeout time.Duration) wire.Limits {
	return wire.Limits{Milliseconds: max(1, timeout.Milliseconds()), Memory: p.options.Memory}
}

// travel takes a trip to a worker.
func (p *Pool) travel(ctx context.Context, t *trip) (*wire.Done, error) {
	frame, err := wire.Encode(t.message)
	if err != nil {
		return nil, &Error{Kind: TooLarge, Message: "what the script is given is too large", Err: err}
	}
	if err := p.queue.take(ctx, t.owner); err != nil {
		return nil, err
	}
	w, err := p.take()
	if err != nil {
		p.queue.give(t.owner)
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, t.timeout+grace)
	defer cancel()
	stop := context.AfterFunc(limited, w.kill)
	done, err := t.talk(limited, w, frame)
	if alive := stop() && err == nil; alive && (done.Fault == nil || !spoils(Kind(done.Fault.Kind))) {
		go func() {
			p.put(w)
			p.queue.give(t.owner)
		}()
	} else {
		p.drop(w)
		p.queue.give(t.owner)
	}
	switch {
	case err == nil && done.Fault != nil:
		return nil, asError(done.Fault)
	case err == nil:
		return done, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil:
		return nil, &Error{Kind: Timeout}
	}
	return nil, p.lost(w, err)
}

// spoils says whether a worker is not to be used again after a failure.
func spoils(k Kind) bool { return k == Timeout || k == Memory }

// lost is why a worker has ended, or says what none should.
func (p *Pool) lost(w *process, err error) error {
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	switch {
	case closed:
		return errClosed
	case w.said.shortOfMemory():
		return &Error{Kind: Memory}
	}
	err = fmt.Errorf("%w; it said %q", err, w.said)
	p.log.Warn("a script worker was lost", "error", err)
	return &Error{Kind: Lost, Err: err}
}

// talk sends the frame and does what the worker asks for until it is done.
func (t *trip) talk(ctx context.Context, w *process, frame []byte) (*wire.Done, error) {
	if _, err := w.in.Write(frame); err != nil {
		return nil, fmt.Errorf("send to the worker: %w", err)
	}
	for {
		m, err := w.out.Read()
		switch {
		case err != nil:
			return nil, fmt.Errorf("hear from the worker: %w", err)
		case m.Log != "":
			t.note(m.Log)
		case m.Call != nil:
			a := answer(ctx, t.host, m.Call)
			if err := wire.Write(w.in, wire.Message{Answer: &a}); err != nil {
				return nil, fmt.Errorf("answer the worker: %w", err)
			}
		case m.Done != nil:
			return m.Done, nil
		default:
			return nil, fmt.Errorf("the worker says what is not understood: %+v", m)
		}
	}
}

// note keeps a line of the log, of which the worker sends no more than is to be
// kept.
func (t *trip) note(line string) {
	if len(t.log) < maxLines && t.size+len(line) <= maxLog {
		t.log = append(t.log, line)
		t.size += len(line)
	}
}

// tooDeep says whether JSON has too many lists and objects in each other.
func tooDeep(raw []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch b := raw[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '[' || b == '{':
			if depth++; depth > maxDepth {
				return true
			}
		case b == ']' || b == '}':
			depth--
		}
	}
	return false
}
