package sandbox

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tandem-ipaas/tandem/internal/script/wire"
)

// host does what the prelude asks for: here, or by asking the server.
func (w *worker) host(name, argument string) (string, error) {
	switch name {
	case "log":
		if line, ok := w.log.cut(argument); ok && line != "" {
			return "", wire.Write(w.out, wire.Message{Log: line})
		}
		return "", nil
	case "http_request", "storage":
		return w.ask(name, argument)
	}
	f, ok := functions[name]
	if !ok {
		return "", fmt.Errorf("there is no function %q", name)
	}
	return f([]byte(argument))
}

// ask has the server do something.
func (w *worker) ask(name, argument string) (string, error) {
	if err := wire.Write(w.out, wire.Message{Call: &wire.Call{Function: name, Argument: json.RawMessage(argument)}}); err != nil {
		return "", err
	}
	m := <-w.messages
	if m.Answer == nil {
		return "", errors.New("not understood")
	}
	if m.Answer.Error != "" {
		return "", errors.New(m.Answer.Error)
	}
	return string(m.Answer.Value), nil
}

// functions are those that need nothing but what they are given. They take an
// argument as JSON and return JSON.
var functions = map[string]func(argument []byte) (string, error){
	"btoa":   taking(encode),
	"atob":   taking(decode),
	"sign":   taking(sign),
	"csv":    taking(parseCSV),
	"random": taking(random),

	"xml_serialize":   func(argument []byte) (string, error) { return quote(serializeXML(argument)) },
	"xml_deserialize": taking(deserializeXML),
}

// taking makes a function of one that has a type.
func taking[T, R any](f func(T) (R, error)) func([]byte) (string, error) {
	return func(argument []byte) (string, error) {
		var t T
		if err := json.Unmarshal(argument, &t); err != nil {
			return "", err
		}
		return quote(f(t))
	}
}

// quote makes a result JSON.
func quote[R any](r R, err error) (string, error) {
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(r)
	return string(text), err
}

// coded is the argument of btoa and atob.
type coded struct{ Value, Charset string }

func encode(c coded) (string, error) {
	set, err := charsetOf(c.Charset)
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(set.encode(c.Value)), nil
}

func decode(c coded) (string, error) {
	set, err := charsetOf(c.Charset)
	if err != nil {
		return "", err
	}
	raw, err := fromBase64(c.Value)
	if err != nil {
		return "", errors.New("atob needs base64, which this is not")
	}
	return set.decode(raw), nil
}

// random is n random bytes.
func random(n int) ([]int, error) {
	const most = 65536 // as in browsers
	if n < 0 || n > most {
		return nil, fmt.Errorf("at most %d random bytes at a time", most)
	}
	raw, out := make([]byte, n), make([]int, n)
	rand.Read(raw)
	for i, b := range raw {
		out[i] = int(b)
	}
	return out, nil
}
