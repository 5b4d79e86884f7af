import functions from "../../gen/functions.json";
import type { Offer, Offered } from "../ui/completion";
import type { Sources } from "./MappingField";
import { mergeField } from "./mapping";

/** Whether a value is an inline script; a text that begins with = is written ==. */
export const isScript = (text: string) => /^=(?!=)/.test(text);

/** Whether a value is more than a text: it has merge fields, or is a script. */
export const isCode = (text: string) => isScript(text) || text.includes("{{");

/** What a value can have at the caret: merge fields, their functions and, in a script, fields in brackets. */
export function offers(text: string, caret: number, asked: boolean, sources: Sources): Offer | undefined {
  const before = text.slice(0, caret);
  const behind = text.slice(caret);
  const field = /\{\{\s*([^{}|]*)$/.exec(before);
  if (field) {
    const end = caret + (/^\s*\}\}/.exec(behind)?.[0].length ?? 0);
    return { start: field.index, from: caret - (field[1] ?? "").length, end, all: fields(sources) };
  }
  const call = /\{\{[^{}]*\|\s*(\w*)$/.exec(before);
  if (call) {
    const from = caret - (call[1] ?? "").length;
    return { start: from, from, end: caret, all: calls(/^[^{]*\}\}/.test(behind)) };
  }
  const bracket = isScript(text) && /\[([\p{L}_][^[\]{}'"]*)?$/u.exec(before);
  if (bracket) {
    const all = fields(sources).map((f) => ({ ...f, text: `[${f.text.slice(2, -2)}]` }));
    const from = caret - (bracket[1] ?? "").length;
    return { start: bracket.index, from, end: caret + (behind.startsWith("]") ? 1 : 0), all };
  }
  return asked ? { start: caret, from: caret, end: caret, all: fields(sources) } : undefined;
}

/** Merge fields of variables and of earlier steps, the nearest first. */
function fields({ fields, variables }: Sources): Offered[] {
  const names = variables.map((v) => v.value);
  const all: Offered[] = [
    ...variables.map((v) => ({ text: `{{${v.value}}}`, label: v.value, note: v.label })),
    ...fields.map((f) => ({ text: mergeField(f, fields, names), label: f.location, note: f.step.Name })),
  ];
  return [...new Map(all.map((o) => [o.text, o])).values()];
}

/** The functions of merge fields; those that need an argument wait for it. */
function calls(closed: boolean): Offered[] {
  return functions.map(({ Name, Arguments, Doc }) => {
    const needs = Arguments.startsWith(":");
    return {
      label: Name,
      note: Arguments ? `${Arguments} · ${Doc}` : Doc,
      text: `${Name}${needs ? ":" : ""}${closed ? "" : "}}"}`,
      back: needs && !closed ? 2 : 0,
    };
  });
}
