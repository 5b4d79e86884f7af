import type { Row } from "./definition";
import type { Shape } from "./shapes";

type Pair = Record<string, unknown>;

/** A choice, or a name with a value, in a line; and the way back. */
const line = (p: Pair, [first, second]: [string, string]) =>
  p[second] ? `${p[first] ?? ""} = ${p[second]}` : String(p[first] ?? "");

function pair(text: string, [first, second]: [string, string]): Pair {
  const at = text.indexOf("=");
  if (at < 0) return { [first]: text.trim() };
  const rest = text.slice(at + 1).trim();
  return { [first]: text.slice(0, at).trim(), ...(rest && { [second]: rest }) };
}

const pairs = { choices: ["Value", "Label"], pairs: ["Name", "Value"] } as const;
const linesOf = (text: string) =>
  text
    .split("\n")
    .map((l) => l.trim())
    .filter(Boolean);

/** A value as a form has it. */
function shown(kind: Shape["kind"], v: unknown): unknown {
  switch (kind) {
    case "json":
      return v === undefined || v === null ? "" : JSON.stringify(v, null, 2);
    case "choices":
    case "pairs":
      return Array.isArray(v) ? v.map((p: Pair) => line(p, [...pairs[kind]])).join("\n") : "";
    case "words":
      return Array.isArray(v) ? v.join("\n") : "";
    case "switch":
      return v === true || v === "true";
    case "number":
      return v === undefined || v === null || v === "" ? null : Number(v);
    default:
      return v === undefined || v === null ? "" : String(v);
  }
}

/** A value as a definition has it; undefined: it says nothing. */
function meant(kind: Shape["kind"], v: unknown): unknown {
  const text = typeof v === "string" ? v : "";
  switch (kind) {
    case "json":
      return text.trim() ? JSON.parse(text) : undefined;
    case "choices":
    case "pairs":
      return linesOf(text).length ? linesOf(text).map((l) => pair(l, [...pairs[kind]])) : undefined;
    case "words":
      return linesOf(text).length ? linesOf(text) : undefined;
    case "switch":
      return v === true || undefined;
    case "number":
      return typeof v === "number" && !Number.isNaN(v) ? v : undefined;
    default:
      return text.trim() === "" ? undefined : text;
  }
}

/** What is found under a name in any spelling. */
const found = (row: Row, name: string) => Object.keys(row).find((k) => k.toLowerCase() === name.toLowerCase());

function at(row: Row, path: string): unknown {
  let value: unknown = row;
  for (const name of path.split(".")) {
    const key = typeof value === "object" && value !== null ? found(value as Row, name) : undefined;
    value = key === undefined ? undefined : (value as Row)[key];
  }
  return value;
}

function put(row: Row, path: string, value: unknown): void {
  const [first = "", ...rest] = path.split(".");
  const key = found(row, first) ?? first;
  if (rest.length === 0) {
    delete row[key];
    if (value !== undefined) row[first] = value;
    return;
  }
  const inner: Row = { ...(row[key] as Row | undefined) };
  put(inner, rest.join("."), value);
  delete row[key];
  if (Object.keys(inner).length > 0) row[first] = inner;
}

/** A part as a form has it: what is not in its shapes stays beside them. */
export function toForm(row: Row, shapes: readonly Shape[]): Row {
  const form = structuredClone(row);
  for (const s of shapes) {
    const value = at(row, s.name);
    put(form, s.name, undefined);
    const path = s.name.split(".");
    let inner = form;
    for (const name of path.slice(0, -1)) {
      if (typeof inner[name] !== "object" || inner[name] === null) inner[name] = {};
      inner = inner[name] as Row;
    }
    inner[path.at(-1) ?? ""] = shown(s.kind, value);
  }
  return form;
}

/** The part that a form means; nothing is said that nobody has entered. */
export function fromForm(form: Row, shapes: readonly Shape[]): Row {
  const row = structuredClone(form);
  for (const s of shapes) put(row, s.name, meant(s.kind, at(form, s.name)));
  return row;
}
