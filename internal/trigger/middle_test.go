package trigger_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/trigger"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

func hmacHex(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

// byID is the rule by which a request's id is its key.
func byID(doc any) workflow.Key {
	object, _ := doc.(map[string]any)
	id, _ := object["id"].(string)
	return workflow.Key{Text: id, Hash: id}
}

// matched makes the transaction of a request in the middle, as far as is looked at.
func matched(w tandem.Webhook, at time.Time, held journal.Held, items []tandem.StepItem, request tandem.Exchange) (journal.NewTxn, error) {
	n := start(w, at, request)
	n.Parent, n.Version = held.ID, held.Version
	n.Items = append(items, n.Items...)
	return n, nil
}

func middle(d *desk, o trigger.IntakeOptions, r trigger.Rules) *trigger.Intake {
	r.RequestKey = byID
	o.Rules, o.Match = ruled(r), matched
	return trigger.NewIntake(slog.New(slog.DiscardHandler), d, d, start, o)
}

func ask(in *trigger.Intake, ctx context.Context, text string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, "POST", trigger.Path+key, strings.NewReader(text))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	in.ServeHTTP(w, r)
	return w
}

func TestMiddle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		d.held = map[string]journal.Held{"7": {ID: 5, Version: 2, Item: 1}}
		in := middle(d, trigger.IntakeOptions{}, trigger.Rules{})
		if w := ask(in, t.Context(), `{"id":"7"}`); w.Code != 200 || !strings.Contains(w.Body.String(), "TransactionId") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		n := d.submitted[0]
		if n.Parent != 5 || n.Version != 2 || len(n.Items) != 2 || n.Trigger != "webhook step" {
			t.Errorf("%+v", n)
		}
		began, looks := time.Now(), d.looks
		if w := ask(in, t.Context(), `{"id":"8"}`); w.Code != 200 || w.Body.String() != "{}" || len(d.submitted) != 1 {
			t.Errorf("for nobody: %d %s", w.Code, w.Body)
		}
		if took := time.Since(began); d.looks-looks != 3 || took != time.Second {
			t.Errorf("looked %d times, for %v", d.looks-looks, took)
		}
		go func() {
			time.Sleep(100 * time.Millisecond)
			d.mu.Lock()
			defer d.mu.Unlock()
			d.held["9"] = journal.Held{ID: 6}
		}()
		if ask(in, t.Context(), `{"id":"9"}`); len(d.submitted) != 2 || d.submitted[1].Parent != 6 {
			t.Error("a request that came a moment too early is lost")
		}
		if w := ask(in, t.Context(), `{}`); w.Code != 200 || w.Body.String() != "{}" || !slices.Equal(d.noted(), []string{"Failed to get webhook trigger step data"}) {
			t.Errorf("without a key: %d %s, %v", w.Code, w.Body, d.noted())
		}
	})
}

// ends is a desk whose transaction 5 has ended when a child of it is made, so that 4 is
// the one that waits.
type ends struct{ *desk }

func (e ends) Submit(ctx context.Context, n ...journal.NewTxn) ([]tandem.TransactionID, error) {
	if n[0].Parent != 5 {
		return e.desk.Submit(ctx, n...)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.held, "8")
	e.held["7"] = journal.Held{ID: 4}
	return []tandem.TransactionID{0}, nil
}

// What ends after it was found is not found: the request is for another, or for none.
func TestMiddleOfWhatHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		d.held = map[string]journal.Held{"7": {ID: 5}, "8": {ID: 5}}
		in := trigger.NewIntake(slog.New(slog.DiscardHandler), d, ends{d}, start, trigger.IntakeOptions{Rules: ruled(trigger.Rules{RequestKey: byID, Answered: true}), Match: matched})
		if w := ask(in, t.Context(), `{"id":"8"}`); w.Code != 200 || w.Body.String() != "{}" || len(d.submitted) != 0 {
			t.Errorf("for none: %d %s", w.Code, w.Body)
		}
		d.tell(journal.Answered{Response: &tandem.Exchange{Status: 200, Body: []byte("x")}})
		d.held["7"] = journal.Held{ID: 5}
		if w := ask(in, t.Context(), `{"id":"7"}`); w.Body.String() != "x" || len(d.submitted) != 1 || d.submitted[0].Parent != 4 {
			t.Errorf("for another: %d %s, %+v", w.Code, w.Body, d.submitted)
		}
	})
}

// answering is an intake whose transaction 42 is answered.
func answering(d *desk, o trigger.IntakeOptions) *trigger.Intake {
	o.Rules = ruled(trigger.Rules{Answered: true})
	return trigger.NewIntake(slog.New(slog.DiscardHandler), d, d, start, o)
}

func (d *desk) tell(a journal.Answered) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.answers = map[journal.Caller]journal.Answered{{Account: 7, ID: 42}: a}
}

func TestCallerIsAnswered(t *testing.T) {
	id := tandem.TransactionID(42).String()
	for name, tt := range map[string]struct {
		answer journal.Answered
		status int
		body   string
		header string
	}{
		"by a step":  {journal.Answered{Response: &tandem.Exchange{Status: 418, Headers: map[string]string{"Content-Type": "text/plain", "X-A": "b", "Set-Cookie": "c"}, Body: []byte("tea")}}, 418, "tea", "b"},
		"by its end": {journal.Answered{Status: tandem.TransactionCompleted}, 200, `{"TransactionId":"` + id + `"}`, ""},
		"by its failure": {
			journal.Answered{Status: tandem.TransactionFailed}, 500, `{"Message":"The transaction ended without an answer.","TransactionId":"` + id + `"}`, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk()
				in := answering(d, trigger.IntakeOptions{})
				go func() {
					time.Sleep(3 * time.Second)
					d.tell(tt.answer)
					in.Answered(journal.Caller{Account: 7, ID: 41}) // for whom nobody waits
					in.Answered(journal.Caller{Account: 7, ID: 42})
				}()
				began := time.Now()
				w := ask(in, t.Context(), `{}`)
				if w.Code != tt.status || w.Body.String() != tt.body || w.Header().Get("X-A") != tt.header || w.Header().Get("Set-Cookie") != "" {
					t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
				}
				if took := time.Since(began); took != 3*time.Second {
					t.Errorf("it took %v: it was not told at once", took)
				}
				if len(d.notes) > 0 {
					t.Errorf("%v", d.noted())
				}
				// It was answered before, and asks again.
				if w := ask(in, t.Context(), `{}`); w.Code != tt.status {
					t.Errorf("again: %d", w.Code)
				}
			})
		})
	}
}

// What another node answers is found by looking, the sooner the less a caller has
// waited; and nobody looks while nobody waits.
func TestCallerOfAnotherNode(t *testing.T) {
	for _, after := range []time.Duration{50 * time.Millisecond, 10 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			d := &counted{desk: newDesk()}
			in := trigger.NewIntake(slog.New(slog.DiscardHandler), d, d, start, trigger.IntakeOptions{Rules: ruled(trigger.Rules{Answered: true}), Shared: true})
			go func() {
				time.Sleep(after)
				d.tell(journal.Answered{Response: &tandem.Exchange{Status: 200}})
			}()
			began := time.Now()
			ask(in, t.Context(), `{}`)
			late := time.Since(began) - after
			if late > after/3 || late > 500*time.Millisecond {
				t.Errorf("answered %v late, after %v", late, after)
			}
			synctest.Wait()
			looked := d.looked
			if looked > 60 {
				t.Errorf("looked %d times in %v", looked, after)
			}
			time.Sleep(time.Hour)
			if d.looked != looked {
				t.Errorf("looked %d times while nobody waited", d.looked-looked)
			}
		})
	}
}

// counted counts the looks for answers.
type counted struct {
	*desk
	looked int
}

func (c *counted) Answers(ctx context.Context, of []journal.Caller) ([]journal.Answered, error) {
	c.looked++
	if c.looked == 2 {
		return nil, errors.New("no database")
	}
	return c.desk.Answers(ctx, of)
}

func TestCallerIsNotAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		in := answering(d, trigger.IntakeOptions{})
		began := time.Now()
		w := ask(in, t.Context(), `{}`)
		if w.Code != http.StatusAccepted || !strings.Contains(w.Body.String(), "TransactionId") || time.Since(began) != 30*time.Second {
			t.Errorf("at the limit: %d %s after %v", w.Code, w.Body, time.Since(began))
		}
		if d.noted()[0] != "Failed to return the webhook response" || d.notes[0].TransactionID != 42 {
			t.Errorf("%+v", d.notes)
		}
		ctx, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		ask(in, ctx, `{}`)
		if len(d.notes) != 2 || !strings.Contains(d.notes[1].FullMessage, "left") {
			t.Errorf("a caller left: %+v", d.notes)
		}
		if len(d.submitted) != 2 {
			t.Errorf("%d transactions: they go on in any case", len(d.submitted))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		d, closing := newDesk(), make(chan struct{})
		in := answering(d, trigger.IntakeOptions{Closing: closing})
		go func() {
			time.Sleep(time.Second)
			close(closing)
		}()
		began := time.Now()
		if w := ask(in, t.Context(), `{}`); w.Code != http.StatusAccepted || time.Since(began) != time.Second || len(d.notes) != 0 {
			t.Errorf("while the process ends: %d after %v, %v", w.Code, time.Since(began), d.noted())
		}
	})
}

// A sender that is gone when the answer is there is told of.
func TestAnswerThatCannotBeSent(t *testing.T) {
	d := newDesk()
	d.tell(journal.Answered{Response: &tandem.Exchange{Status: 200, Body: []byte("x")}})
	in := answering(d, trigger.IntakeOptions{})
	r := httptest.NewRequest("POST", trigger.Path+key, strings.NewReader("{}"))
	in.ServeHTTP(&broken{httptest.NewRecorder()}, r)
	if noted := d.noted(); !slices.Equal(noted, []string{"Failed to return the webhook response"}) {
		t.Errorf("%v", noted)
	}
}

// broken is a connection that takes headers only.
type broken struct{ *httptest.ResponseRecorder }

func (*broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }
