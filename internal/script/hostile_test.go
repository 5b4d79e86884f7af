package script

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// hostile is a script of somebody who means harm, or does not know better.
type hostile struct {
	name string
	body string // of after_action, unless it has a handler itself
	want []Kind // any of these; "": the script ends well
	is   string // what method_response is then
}

// ended are the kinds by which a script without end may end: which limit it meets
// first depends on the machine.
var ended = []Kind{Timeout, Memory}

// caught is how a script ends that a limit may stop, or the engine by an exception.
var caught = []Kind{Timeout, Memory, Thrown, TooLarge}

var hostiles = []hostile{
	// Without end.
	{name: "endless loop", body: `for (;;) {}`, want: ended},
	{name: "endless loop that catches", body: `for (;;) { try { for (;;) {} } catch (e) {} finally { for (;;) {} } }`, want: ended},
	{name: "endless loop at the top", body: `while (true); function after_action() {}`, want: ended},
	{name: "endless regular expression", body: `/^(a+)+$/.test('a'.repeat(40) + '!')`, want: ended},
	{name: "endless regular expression on the response", body: `method_response = /(x+x+)+y/.exec('x'.repeat(60))`, want: ended},
	{name: "endless recursion", body: `(function f() { f(); })()`, want: []Kind{Thrown, Memory, Timeout}},
	{name: "recursion that catches", body: `(function f() { try { f(); } catch (e) { f(); } })()`, want: caught},
	{name: "endless recursion by getters", body: `const o = { get x() { return this.x; } }; o.x`, want: []Kind{Thrown, Memory, Timeout}},
	{name: "endless recursion by toString", body: `const o = { toString() { return '' + this; } }; '' + o`, want: []Kind{Thrown, Memory, Timeout}},
	{name: "endless recursion by Proxy", body: `const p = new Proxy({}, { get: (t, k, r) => r[k] }); p.x`, want: []Kind{Thrown, Memory, Timeout}},
	{name: "endless generator", body: `function* g() { for (;;) yield 1; } for (const x of g());`, want: ended},
	{name: "endless iterator in native code", body: `Array.from({ [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) })`, want: ended},
	{name: "sort that never agrees", body: `const a = Array.from({ length: 1e6 }, Math.random); for (;;) a.sort(() => Math.random() - 0.5)`, want: ended},
	{name: "native call over a long list", body: `for (;;) new Array(2 ** 32 - 1).join('').length; `, want: caught},
	{name: "native call over a sparse list", body: `const a = []; a.length = 2 ** 32 - 1; a.indexOf(1); a.reverse(); a.sort()`, want: caught},
	{name: "endless promises", body: `const again = () => Promise.resolve().then(again); return again()`, want: caught},
	{name: "endless async function", body: `async function f() { for (;;) await null; } return f()`, want: caught},
	{name: "promise never fulfilled", body: `return new Promise(() => {})`, want: []Kind{Thrown}},
	{name: "wait on shared memory", body: `Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0)`, want: []Kind{Thrown}},
	{name: "endless BigInt", body: `let n = 3n; for (;;) n = n ** 3n`, want: caught},
	{name: "parse without end", body: `for (let s = '[]';; s = '[' + s.repeat(9) + ']') { try { JSON.parse(s); } catch (e) {} }`, want: caught},
	{name: "eval chain", body: `let s = '1'; for (;;) s = 'eval(' + JSON.stringify(s) + ')', eval(s)`, want: caught},
	{name: "functions made of functions", body: `for (;;) Function('a'.repeat(1e4), 'return ' + '('.repeat(5e3) + ')'.repeat(5e3))`, want: caught},
	{name: "code nested deeply", body: `eval('('.repeat(1e6))`, want: caught},
	{name: "code nested deeply in brackets", body: `eval('['.repeat(5e5) + ']'.repeat(5e5))`, want: caught},

	// Without measure.
	{name: "long text", body: `'x'.repeat(2 ** 40)`, want: []Kind{Thrown, Memory}},
	{name: "text as long as may be", body: `let s = 'x'; for (;;) s += s`, want: caught},
	{name: "text beyond memory", body: `'x'.repeat(2 ** 29)`, want: caught},
	{name: "big list", body: `new Array(5e7).fill(0)`, want: caught},
	{name: "list of lists", body: `const a = []; for (;;) a.push(a.slice())`, want: caught},
	{name: "objects without end", body: `const a = []; for (;;) a.push({ a: [{}] })`, want: caught},
	{name: "memory that catches", body: `const a = []; for (;;) { try { for (;;) a.push(new Uint8Array(1e6)); } catch (e) { a.length = 1; } }`, want: caught},
	{name: "big buffer", body: `new ArrayBuffer(2 ** 33)`, want: caught},
	{name: "many buffers", body: `const a = []; for (;;) a.push(new ArrayBuffer(1e6))`, want: caught},
	{name: "JSON bomb", body: `let o = {}; for (let i = 0; i < 30; i++) o = { a: o, b: o }; JSON.stringify(o)`, want: caught},
	{name: "million promises", body: `for (let i = 0; i < 1e6; i++) Promise.resolve(i).then(x => x)`, want: append([]Kind{""}, caught...)},
	{name: "finalizers", body: `const r = new FinalizationRegistry(() => { for (;;); }); for (let i = 0; i < 1e4; i++) r.register({}, i)`, want: append([]Kind{""}, caught...)},
	{name: "globals without end", body: `for (let i = 0;; i++) globalThis['g' + i] = i`, want: ended},
	{name: "regular expression that grows", body: `new RegExp('(?:' + 'a?'.repeat(1e5) + '){99}').test('a'.repeat(1e5))`, want: append([]Kind{""}, caught...)},
	{name: "pad", body: `let s = ''; for (;;) s = s.padEnd(1e9, 'ab')`, want: caught},
	{name: "replace that grows", body: "let s = 'a'; for (;;) s = s.replace(/a/g, '$&$&$`$\\'')", want: caught},

	// Returned.
	{name: "large response", body: `method_response = 'x'.repeat(2e7)`, want: []Kind{TooLarge, Memory, Timeout}},
	{name: "100 MB response", body: `method_response = Array(1e6).fill('x'.repeat(100))`, want: []Kind{TooLarge, Memory, Timeout}},
	{name: "deep response", body: `let o = {}; for (let i = 0; i < 200; i++) o = { o }; method_response = o`, want: []Kind{TooLarge}},
	{name: "very deep response", body: `let o = {}; for (let i = 0; i < 1e6; i++) o = [o]; method_response = o`, want: caught},
	{name: "response that contains itself", body: `method_response.self = method_response`, want: []Kind{Thrown}},
	{name: "response with a getter without end", body: `method_response = { get x() { for (;;); } }`, want: ended},
	{name: "response that throws", body: `method_response = { toJSON() { throw new Error('no'); } }`, want: []Kind{Thrown}},
	{name: "response behind a Proxy", body: `method_response = new Proxy({}, { ownKeys: () => { for (;;); } })`, want: ended},
	{name: "response with a bigint", body: `method_response = 1n`, want: []Kind{Thrown}},
	{name: "response that is a function", body: `method_response = () => 1`, want: []Kind{""}, is: "null"},
	{name: "error whose text never ends", body: `throw { get name() { for (;;); } }`, want: ended},
	{name: "error whose text throws", body: `throw { get name() { throw 1; }, toJSON() { throw 2; }, toString() { throw 3; } }`, want: []Kind{Thrown}},
	{name: "null thrown", body: `throw null`, want: []Kind{Thrown, Memory}},
	{name: "handler that is a getter", body: `Object.defineProperty(globalThis, 'after_action', { get() { for (;;); } }); // function after_action`, want: ended},
	{name: "flood of the log", body: `for (;;) console.log('x'.repeat(1e5))`, want: ended},
	{name: "log of what never ends", body: `console.log({ toJSON() { for (;;); } })`, want: ended},

	// Out.
	{name: "constructor of the constructor", body: `method_response = this.constructor.constructor('return typeof process + typeof require + typeof std + typeof os')()`, want: []Kind{""}, is: `"undefinedundefinedundefinedundefined"`},
	{name: "constructor by a template", body: "method_response = (() => {}).constructor`return typeof process`()", want: []Kind{""}, is: `"undefined"`},
	{name: "constructor of a generator", body: `method_response = (function* () {}).constructor('yield typeof std')().next().value`, want: []Kind{""}, is: `"undefined"`},
	{name: "indirect eval", body: `method_response = (0, eval)('typeof __host + typeof scriptArgs + typeof print')`, want: []Kind{""}, is: `"undefinedundefinedundefined"`},
	{name: "import of the system", body: `return import('os').then(() => { method_response = 'out'; }, e => { method_response = 'in'; })`, want: []Kind{""}, is: `"in"`},
	{name: "import of a file", body: `return import('/etc/passwd').then(() => { method_response = 'out'; }, e => { method_response = 'in'; })`, want: []Kind{""}, is: `"in"`},
	{name: "import statement", body: `import * as std from 'std'; function after_action() {}`, want: []Kind{Syntax}},
	{name: "require", body: `require('fs')`, want: []Kind{Thrown}},
	{name: "worker", body: `new Worker('x')`, want: []Kind{Thrown}},
	{name: "bytecode", body: `method_response = typeof bjson + typeof QuickJS`, want: []Kind{""}, is: `"undefinedundefined"`},
	{name: "host by the stack", body: `let o; Error.prepareStackTrace = (e, s) => { o = s; return s; }; try { btoa('x', 'nope'); } catch (e) { e.stack; } method_response = typeof o`, want: []Kind{""}, is: `"undefined"`},
	{name: "host by arguments.callee", body: `let c; Object.defineProperty(Object.prototype, 'toJSON', { get() { c = c || arguments.callee.caller; } }); try { btoa('x'); } catch (e) {} method_response = typeof c`, want: []Kind{"", Thrown}},
	{name: "host's own functions taken over", body: `JSON.parse = JSON.stringify = Object.defineProperty = Reflect.apply = () => { throw 'mine'; }; Promise.prototype.then = null; method_response = btoa('x')`, want: []Kind{""}, is: `"eA=="`},
	{name: "globals frozen", body: `Object.freeze(globalThis); method_response = 1`, want: []Kind{"", Thrown}},
	{name: "global object emptied", body: `for (const k of Object.getOwnPropertyNames(globalThis)) { try { delete globalThis[k]; } catch (e) {} }`, want: []Kind{"", Thrown}},
	{name: "name with paths and shell", body: `throw new Error("; rm -rf / $(id) ../../etc/passwd \u0000 \u001b[31m")`, want: []Kind{Thrown}},

	// Functions.
	{name: "long CSV", body: `cyclr_csv_parse(','.repeat(1e7))`, want: caught},
	{name: "long base64", body: `let s = 'x'.repeat(1e7); for (;;) s = btoa(s, 'utf-32')`, want: caught},
	{name: "random without end", body: `crypto.getRandomValues(new Uint8Array(1e6))`, want: []Kind{Thrown, Memory}},
	{name: "key that is none", body: `cyclr_sign('RSA-SHA256', '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----', 'x')`, want: []Kind{Thrown}},
	{name: "requests without a server", body: `http_request({ url: 'http://169.254.169.254/' })`, want: []Kind{Thrown}},
	{name: "storage without a server", body: `cyclr_storage_set('a', 1)`, want: []Kind{Thrown}},
}

// text is the whole script.
func (h hostile) text() string {
	if strings.Contains(h.body, "function after_action") {
		return h.body
	}
	return "function after_action() { " + h.body + " }"
}

// limit is how long a hostile script has that does not end by itself, and most when
// it must have ended: what is between is for the worker to be killed on a busy
// machine.
const (
	limit = 200 * time.Millisecond
	most  = 20 * time.Second
)

func (h hostile) job() Job {
	timeout := limit
	if !slices.Contains(h.want, Timeout) {
		timeout = most
	}
	return Job{
		Owner: "bomber", Event: AfterAction, Timeout: timeout, Sources: []Source{{Level: Step, Text: h.text()}},
		State: map[string]any{"method_response": map[string]any{}},
	}
}

// check says whether a hostile script ended as it should, and in time.
func (h hostile) check(o *Outcome, err error, took time.Duration) error {
	var failed *Error
	kind := Kind("")
	if errors.As(err, &failed) {
		kind = failed.Kind
	} else if err != nil {
		return err
	}
	switch {
	case !slices.Contains(h.want, kind):
		return fmt.Errorf("ended with %q: %w; want one of %q", kind, err, h.want)
	case took > most:
		return fmt.Errorf("took %v", took)
	case kind == "" && h.is != "" && string(o.State["method_response"]) != h.is:
		return fmt.Errorf("the response is %s, want %s", o.State["method_response"], h.is)
	}
	if lines, size := len(o.Log), len(strings.Join(o.Log, "")); lines > maxLines || size > maxLog {
		return fmt.Errorf("%d lines of log, %d bytes", lines, size)
	}
	return nil
}

// Each hostile script ends within its limit, one neighbour's script is answered all
// the while, and no worker grows beyond its memory.
func TestHostileScripts(t *testing.T) {
	if n := len(hostiles); n < 40 {
		t.Fatalf("%d hostile scripts are too few", n)
	}
	p := newPool(t, Options{Workers: 4})
	watch := watchMemory(t, p)
	stop := neighbour(t, p)
	for _, h := range hostiles {
		t.Run(h.name, func(t *testing.T) {
			start := time.Now()
			o, err := p.Run(t.Context(), h.job())
			if err := h.check(o, err, time.Since(start)); err != nil {
				t.Error(err)
			}
			if err := untouched(t.Context(), p); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
	stop()
	watch()
}

// A hundred bombs at once change nothing for the neighbour.
func TestHundredBombs(t *testing.T) {
	p := newPool(t, Options{Workers: 4})
	watch := watchMemory(t, p)
	stop := neighbour(t, p)
	bombs := slices.DeleteFunc(slices.Clone(hostiles), func(h hostile) bool { return !slices.Contains(h.want, Memory) })
	var all sync.WaitGroup
	for i := range 100 {
		h := bombs[i%len(bombs)]
		job := h.job()
		job.Timeout = 100 * time.Millisecond
		all.Go(func() {
			if o, err := p.Run(t.Context(), job); err != nil || o == nil {
				var e *Error
				if !errors.As(err, &e) || e.Kind != Timeout && !slices.Contains(h.want, e.Kind) {
					t.Errorf("%s: %v", h.name, err)
				}
			}
		})
	}
	all.Wait()
	stop()
	watch()
}

// untouched runs a script that looks whether anything of another is left.
func untouched(ctx context.Context, p *Pool) error {
	o, err := p.Run(ctx, Job{
		Owner: "bomber", Event: AfterAction, Timeout: 5 * time.Second,
		Sources: []Source{{Level: Step, Text: `
			const found = [];
			for (const k in {}) found.push('Object.prototype.' + k);
			for (const k of Object.getOwnPropertyNames(globalThis)) if (/^g\d+$|planted/.test(k)) found.push(k);
			if ({}.planted || [].planted || ''.planted || (() => 1).planted) found.push('planted');
			if (JSON.stringify([1].map(x => x + 1)) !== '[2]') found.push('Array.prototype.map');
			if (Math.max(1, 2) !== 2 || btoa('a') !== 'YQ==') found.push('functions');
			function after_action() { method_response = found; }`}},
	})
	if err != nil {
		return err
	}
	if found := string(o.State["method_response"]); found != "[]" {
		return fmt.Errorf("left behind: %s", found)
	}
	return nil
}

// What one script does to its world is gone in the next one's, in the same worker.
func TestNothingSurvives(t *testing.T) {
	p := newPool(t, Options{Workers: 1})
	for _, text := range []string{
		`Object.prototype.planted = 1; Array.prototype.planted = 1; String.prototype.planted = 1; Function.prototype.planted = 1`,
		`Array.prototype.map = JSON.stringify = JSON.parse = Math.max = btoa = () => 'planted'`,
		`globalThis.planted = 1; var planted2 = 2; for (let i = 0; i < 100; i++) globalThis['g' + i] = i`,
		`Object.defineProperty(Object.prototype, 'toJSON', { value: () => 'planted', configurable: false })`,
		`class X { static #s = 1 } ; Symbol.for('planted'); Object.freeze(globalThis)`,
		`Promise.resolve().then(function f() { globalThis.planted = 1; return Promise.resolve().then(f); })`,
		`Object.setPrototypeOf(Object.prototype.__proto__ === null ? Function.prototype : {}, new Proxy({}, { get: () => 'planted' }))`,
	} {
		_, err := p.Run(t.Context(), Job{Event: AfterAction, Timeout: limit, Sources: []Source{{Level: Step, Text: text + "\nfunction after_action() {}"}}})
		if e := (*Error)(nil); err != nil && !errors.As(err, &e) {
			t.Fatal(err)
		}
		if err := untouched(t.Context(), p); err != nil {
			t.Errorf("after %s: %v", text, err)
		}
	}
}

// neighbour runs a plain script all the time; each answer must be right and soon.
func neighbour(t *testing.T, p *Pool) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for n := 0; ; n++ {
			start := time.Now()
			o, err := p.Run(ctx, Job{
				Owner: "neighbour", Event: AfterAction, Sources: []Source{{Level: Method, Text: "function after_action() { method_response.n++; return true; }"}},
				State: map[string]any{"method_response": map[string]any{"n": n}},
			})
			if ctx.Err() != nil {
				if n < 20 {
					t.Errorf("the neighbour was answered %d times only", n)
				}
				return
			}
			if want := fmt.Sprintf(`{"n":%d}`, n+1); err != nil || string(o.State["method_response"]) != want {
				t.Errorf("the neighbour: %+v, %v", o, err)
			}
			if took := time.Since(start); took > most {
				t.Errorf("the neighbour was answered after %v", took)
			}
			select {
			case <-time.After(10 * time.Millisecond):
			case <-ctx.Done():
			}
		}
	}()
	return func() { cancel(); <-ended }
}

// watchMemory looks at the workers' memory until it is called.
func watchMemory(t *testing.T, p *Pool) (stop func()) {
	if runtime.GOOS != "linux" {
		return func() {}
	}
	done, peak := make(chan struct{}), make(chan int64)
	go func() {
		most := int64(0)
		for {
			select {
			case <-done:
				peak <- most
				return
			case <-time.After(5 * time.Millisecond):
			}
			p.mu.Lock()
			for w := range p.workers {
				most = max(most, resident(w.cmd.Process.Pid))
			}
			p.mu.Unlock()
		}
	}()
	return func() {
		close(done)
		most := <-peak
		t.Logf("the largest worker had %d MB", most>>20)
		if most > 256<<20 {
			t.Errorf("a worker had %d MB", most>>20)
		}
	}
}

// resident is the most memory that a process has had, in bytes; 0 if it is gone.
func resident(pid int) int64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	kilobytes, _ := strconv.ParseInt(fields[0], 10, 64)
	return kilobytes << 10
}
