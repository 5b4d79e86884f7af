// What every script finds beyond the language, and how Go gets at it. It runs before
// the script, so that nothing here can be tampered with: what is used later is taken
// aside now. functions.js has the rest.
(() => {
  "use strict";
  const host = globalThis.__host;
  delete globalThis.__host;
  const { parse, stringify } = JSON;
  const { apply, defineProperty } = Reflect;
  const { then } = Promise.prototype;
  const PromiseClass = Promise;
  const ErrorClass = Error;
  const text = String;

  const give = (name, value) => defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });

  // set does what an assignment does where prototypes may have setters.
  const set = (o, name, value) => defineProperty(o, name, { value, writable: true, configurable: true, enumerable: true });

  // json is a value as JSON; what has no JSON, such as a function, is null.
  const json = (value) => stringify(value) ?? "null";

  // ask has Go, and perhaps the server, do something.
  function ask(name, argument) {
    let answer;
    try {
      answer = host(name, json(argument));
    } catch (e) {
      throw new ErrorClass(e.message);
    }
    return answer === "" ? undefined : parse(answer);
  }

  // The console writes to the log of the step.
  function shown(value) {
    if (typeof value === "string") return value;
    try {
      if (value instanceof ErrorClass) return `${value.name}: ${value.message}`;
      return stringify(value) ?? text(value);
    } catch (e) {
      return "[a value that cannot be shown]";
    }
  }
  function log(...values) {
    let line = "";
    for (let i = 0; i < values.length; i++) line += (i > 0 ? " " : "") + shown(values[i]);
    host("log", line);
  }
  give("console", { log, info: log, warn: log, error: log, debug: log });

  // Exceptions that say what to do; they may be thrown with and without new.
  function exception(name) {
    function Exception(message) {
      const e = new ErrorClass(message === undefined ? name : text(message));
      defineProperty(e, "name", { value: name, configurable: true, writable: true });
      Object.setPrototypeOf(e, Exception.prototype);
      return e;
    }
    Exception.prototype = Object.create(ErrorClass.prototype, { constructor: { value: Exception, configurable: true, writable: true } });
    give(name, Exception);
    return (e) => e instanceof Exception;
  }
  const isRefresh = exception("AuthRefreshException");
  const isSession = exception("AuthSessionException");

  // fault tells of what was thrown.
  function fault(e) {
    const f = { kind: "Thrown", message: "", stack: "" };
    try {
      if (e === null || (typeof e === "object" && e.name === "InternalError" && e.message === "out of memory")) f.kind = "Memory";
      else if (isRefresh(e)) f.kind = "AuthRefresh";
      else if (isSession(e)) f.kind = "AuthSession";
      const plain = e instanceof ErrorClass;
      f.message = plain ? text(e.message) : shown(e);
      if (plain && e.name !== "Error" && f.kind === "Thrown") f.message = `${text(e.name)}: ${f.message}`;
      if (plain) f.stack = text(e.stack);
    } catch (_) {
      f.message = "something was thrown that cannot be shown";
    }
    return f;
  }

  // One handler, or one expression, at a time.
  let value, thrown, waiting;
  const begin = (f, argument) => {
    value = thrown = undefined;
    waiting = false;
    try {
      value = f(argument);
      if (value instanceof PromiseClass) {
        waiting = true;
        apply(then, value, [(v) => { waiting = false; value = v; }, (e) => { waiting = false; thrown = fault(e); }]);
      }
    } catch (e) {
      thrown = fault(e);
    }
  };
  const failed = () => {
    if (waiting) return { kind: "Thrown", message: "the result is a promise that is never fulfilled", stack: "" };
    return thrown;
  };

  return (step, argument, more) => {
    switch (step) {
      case "functions":
        argument(ask, give, set, text);
        return "";
      case "globals": {
        const globals = parse(argument);
        for (const name in globals) set(globalThis, name, globals[name]);
        return "";
      }
      case "handle":
        return begin(argument);
      case "evaluate":
        return begin(argument, parse(more));
      case "handled": {
        const f = failed();
        if (f) return `{"fault":${stringify(f)}}`;
        let state = "";
        for (const name of parse(argument)) {
          try {
            state += `${state && ","}${stringify(name)}:${json(globalThis[name])}`;
          } catch (e) {
            const f = fault(e);
            f.message = `${name} cannot be made JSON: ${f.message}`;
            return `{"fault":${stringify(f)}}`;
          }
        }
        return `{"state":{${state}},"stopped":${value === false},"true":${!!value}}`;
      }
      case "evaluated": {
        let f = failed();
        if (!f) {
          try {
            return `{"value":${json(value)}}`;
          } catch (e) {
            f = fault(e);
          }
        }
        return `{"fault":${stringify(f)}}`;
      }
    }
  };
})()
