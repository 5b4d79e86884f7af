package sandbox

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"modernc.org/quickjs"

	"github.com/tandem-ipaas/tandem/internal/script/wire"
)

// prelude is for every script, functions for those that mention one.
var (
	//go:embed prelude.js
	prelude string
	//go:embed functions.js
	functionsText string
)

// functions' names begin like this: those that functionsText makes, and CryptoJS, which needs one.
var functionWords = []string{"btoa", "atob", "cyclr_", "cycle_storage_", "http_request", "crypto", "CryptoJS"}

// ours is how many lines are before those of the prelude and of the libraries,
// by which the frames of a stack that are ours are told from the script's.
const ours = 1 << 20

// code is the bytecode of what comes with this package, compiled when it is first
// needed. Bytecode is good for one version of the engine and is believed without a
// check, so it stays in the process that compiled it.
type code map[string][]byte

func (c code) of(name, text string) ([]byte, error) {
	if compiled, ok := c[name]; ok {
		return compiled, nil
	}
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, err
	}
	defer func() { _ = vm.Close() }()
	compiled, err := vm.Compile(strings.Repeat("\n", ours)+text, quickjs.EvalGlobal)
	if err != nil {
		return nil, fmt.Errorf("compile %s: %w", name, err)
	}
	c[name] = compiled
	return compiled, nil
}

// hostFunc does what the prelude asks for; the answer is JSON, or empty.
type hostFunc func(name, argument string) (string, error)

// machine is a virtual machine for one script.
type machine struct {
	vm   *quickjs.VM
	step quickjs.Value // the function that the prelude returns
	code code
	ends time.Time

	loaded map[string]bool // libraries
}

// newMachine makes a machine that has run the prelude. It has no limits yet.
func newMachine(c code, host hostFunc) (*machine, error) {
	compiled, err := c.of("the prelude", prelude)
	if err != nil {
		return nil, err
	}
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, err
	}
	vm.SetCanBlock(false)
	m := &machine{vm: vm, code: c, loaded: map[string]bool{}}
	err = vm.RegisterHostFunc("__host", func(arguments []any) (any, error) {
		if len(arguments) != 2 {
			return nil, errors.New("not understood")
		}
		name, _ := arguments[0].(string)
		argument, _ := arguments[1].(string)
		return host(name, argument)
	})
	if err == nil {
		m.step, err = vm.EvalBytecodeValue(compiled)
	}
	if err != nil {
		_ = vm.Close()
		return nil, fmt.Errorf("make a machine: %w", err)
	}
	return m, nil
}

// limit says what the machine may use from now on.
func (m *machine) limit(ends time.Time, memory int64) {
	m.ends = ends
	m.vm.SetMemoryLimit(uintptr(memory))
	m.vm.SetGCThreshold(uintptr(memory / 4)) // what few scripts reach: looking for cycles takes long
}

// close frees the machine.
func (m *machine) close() {
	m.step.Free()
	_ = m.vm.Close()
}

// outcome is what the prelude tells of a handler or an expression.
type outcome struct {
	State   map[string]json.RawMessage `json:"state"`
	Stopped bool                       `json:"stopped"`
	True    bool                       `json:"true"`
	Value   json.RawMessage            `json:"value"`
	Fault   *struct {
		Kind    string `json:"kind"`
		Message string `json:"message"`
		Stack   string `json:"stack"`
	} `json:"fault"`
}

// handle runs a script and calls its handler of an event, if it has one.
func (m *machine) handle(text, event string, globals []byte, change []string) (*outcome, *wire.Fault) {
	if _, err := m.call("globals", string(globals)); err != nil {
		return nil, m.fault(err)
	}
	if fault := m.prepare(text); fault != nil {
		return nil, fault
	}
	if err := m.evaluate(text); err != nil {
		return nil, m.fault(err)
	}
	var handler quickjs.Value
	if err := m.evaluateTo(&handler, "typeof "+event+" === 'function' ? "+event+" : undefined"); err != nil {
		return nil, m.fault(err)
	}
	defer handler.Free()
	if handler.IsUndefined() {
		return nil, nil
	}
	names, err := json.Marshal(change)
	if err != nil {
		return nil, m.fault(err)
	}
	return m.follow("handled", string(names), "handle", handler)
}

// express evaluates an expression.
func (m *machine) express(e wire.Expression) (*outcome, *wire.Fault) {
	if fault := m.prepare(e.Text); fault != nil {
		return nil, fault
	}
	var f quickjs.Value
	if err := m.evaluateTo(&f, "(function("+e.Name+"){return (\n"+e.Text+"\n)})"); err != nil {
		fault := m.fault(err)
		fault.Line = max(0, fault.Line-1)
		return nil, fault
	}
	defer f.Free()
	values, err := json.Marshal(e.Values)
	if err != nil {
		return nil, m.fault(err)
	}
	o, fault := m.follow("evaluated", "", "evaluate", f, string(values))
	if fault != nil {
		fault.Line = max(0, fault.Line-1)
	}
	return o, fault
}

// follow begins something, has the promises kept that it made, and asks what came
// of it.
func (m *machine) follow(finish, with, begin string, arguments ...any) (*outcome, *wire.Fault) {
	if _, err := m.call(append([]any{begin}, arguments...)...); err != nil {
		return nil, m.fault(err)
	}
	m.hurry()
	if _, err := m.vm.ExecutePendingJobs(); err != nil && m.late() {
		return nil, m.fault(err)
	}
	told, err := m.call(finish, with)
	if err != nil {
		return nil, m.fault(err)
	}
	var o outcome
	if err := json.Unmarshal([]byte(told), &o); err != nil {
		return nil, m.fault(err)
	}
	if f := o.Fault; f != nil {
		if m.late() {
			return nil, m.fault(errLate)
		}
		return nil, &wire.Fault{Kind: f.Kind, Line: line(f.Stack), Message: f.Message}
	}
	return &o, nil
}

// check parses a script.
func (m *machine) check(text string) *wire.Fault {
	m.hurry()
	if _, err := m.vm.Compile(text, quickjs.EvalGlobal); err != nil {
		return m.fault(err)
	}
	return nil
}

// prepare loads the functions and the libraries that a text mentions.
func (m *machine) prepare(text string) *wire.Fault {
	if err := m.prepareFunctions(text); err != nil {
		return m.fault(err)
	}
	for _, l := range libraries {
		if m.loaded[l.name] || !l.mentioned(text) {
			continue
		}
		source, err := l.source()
		if err != nil {
			return m.fault(err)
		}
		compiled, err := m.code.of(l.name, source)
		if err != nil {
			return m.fault(err)
		}
		m.hurry()
		v, err := m.vm.EvalBytecodeValue(compiled)
		if err != nil {
			return m.fault(err)
		}
		v.Free()
		m.loaded[l.name] = true
	}
	return nil
}

func (m *machine) prepareFunctions(text string) error {
	if m.loaded[functionsName] || !slices.ContainsFunc(functionWords, func(w string) bool { return strings.Contains(text, w) }) {
		return nil
	}
	compiled, err := m.code.of(functionsName, functionsText)
	if err != nil {
		return err
	}
	m.hurry()
	install, err := m.vm.EvalBytecodeValue(compiled)
	if err != nil {
		return err
	}
	defer install.Free()
	_, err = m.call("functions", install)
	m.loaded[functionsName] = err == nil
	return err
}

const functionsName = "functions.js"

// call calls the prelude.
func (m *machine) call(arguments ...any) (string, error) {
	m.hurry()
	r, err := m.step.Call(quickjs.UndefinedValue, arguments...)
	told, _ := r.(string)
	return told, err
}

func (m *machine) evaluate(text string) error {
	var v quickjs.Value
	if err := m.evaluateTo(&v, text); err != nil {
		return err
	}
	v.Free()
	return nil
}

func (m *machine) evaluateTo(v *quickjs.Value, text string) (err error) {
	m.hurry()
	*v, err = m.vm.EvalValue(text, quickjs.EvalGlobal)
	return err
}

// hurry gives the engine, whose time begins anew with every call, what is left.
func (m *machine) hurry() {
	_ = m.vm.SetEvalTimeout(max(time.Until(m.ends), time.Millisecond))
}

func (m *machine) late() bool { return !time.Now().Before(m.ends) }

var errLate = errors.New("late")

// fault says what an error of the engine is to the one who wrote the script.
func (m *machine) fault(err error) *wire.Fault {
	var e *quickjs.Error
	switch {
	case m.late():
		return &wire.Fault{Kind: kindTimeout}
	case !errors.As(err, &e), e.Message == "out of memory", e.Error() == "null":
		// Once memory is short, errors may come out as anything.
		return &wire.Fault{Kind: kindMemory}
	case e.Name == "SyntaxError" && e.FileName == "<eval>" && e.LineNumber < ours:
		return &wire.Fault{Kind: kindSyntax, Line: e.LineNumber, Message: e.Message}
	}
	return &wire.Fault{Kind: kindThrown, Line: line(e.Stack), Message: strings.TrimPrefix(e.Error(), "Error: ")}
}

// The kinds of faults that arise here; see script.Kind.
const (
	kindThrown   = "Thrown"
	kindSyntax   = "Syntax"
	kindTimeout  = "Timeout"
	kindMemory   = "Memory"
	kindTooLarge = "TooLarge"
)

var place = regexp.MustCompile(`<eval>:(\d+)`)

// line is where in the script a stack begins; 0 if nowhere.
func line(stack string) int {
	for _, found := range place.FindAllStringSubmatch(stack, 100) {
		if n, err := strconv.Atoi(found[1]); err == nil && n < ours {
			return n
		}
	}
	return 0
}
