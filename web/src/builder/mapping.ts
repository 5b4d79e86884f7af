import type { Mapping, Method, Trigger } from "../api/schema";
import { type Design, type Step, sourcesOf } from "./design";
import { locationsOf, type Samples } from "./sample";

/** What a mapping fills: a parameter or a field of a method, or an operand. */
export interface Target {
  name: string;
  /** By which what is missing is told. */
  id?: number;
  label: string;
  description?: string;
  type?: string;
  required: boolean;
  /** What is sent where nothing is mapped. */
  fallback?: string;
  values: { value: string; label: string }[];
  /** Where the application lists its values. */
  trigger?: Trigger;
  /** Nothing declares it: it was added by hand. */
  added?: boolean;
}

/** Where values come from, by the API's names. */
export const types = ["Ignore", "StaticValue", "ValueList", "StepOutput", "Variable", "Trigger"] as const;
export type MappingType = (typeof types)[number];

export const typeOf = (m: Mapping | undefined) => (m?.MappingType || "Ignore") as MappingType;

type Declared = Method["Parameters"][number] | Method["RequestFields"][number];

const target = (d: Declared, name: string, required: boolean): Target => ({
  name,
  id: d.Id,
  label: d.DisplayName || name,
  description: d.Description || undefined,
  type: d.DataType === "Undefined" ? undefined : d.DataType,
  required,
  fallback: d.Default || undefined,
  values: d.Values.map((v) => ({ value: v.Value ?? "", label: v.Label || (v.Value ?? "") })),
});

const added = (name: string): Target => ({ name, label: name, required: false, values: [], added: true });

/** The declared targets, those that are required first, and after them what else is mapped. */
function withOthers(declared: Target[], mapped: Mapping[] | null | undefined): Target[] {
  const known = new Set(declared.map((x) => x.name));
  const others = (mapped ?? []).map((m) => m.Target ?? "").filter((name) => !known.has(name));
  return [...declared.filter((x) => x.required), ...declared.filter((x) => !x.required), ...others.map(added)];
}

export function parametersOf(s: Step, m: Method | undefined): Target[] {
  const shown = (m?.Parameters ?? []).filter((p) => !p.Hidden && p.TargetType !== "ResponseField");
  return withOthers(
    shown.map((p) => ({ ...target(p, p.Name, !p.IsOptional && !p.Value && !p.Default), trigger: p.Triggers[0] })),
    s.Parameters,
  );
}

export function fieldsOf(s: Step, m: Method | undefined): Target[] {
  const needs = m?.MethodType !== "Webhook"; // whose fields are optional, all of them
  return withOthers(
    (m?.RequestFields ?? []).map((f) => target(f, f.ConnectorField, needs && !f.IsOptional && !f.Default)),
    s.Fields,
  );
}

/** A field of an earlier step's answer. */
export interface Source {
  step: Step;
  location: string;
  label: string;
  type?: string;
}

/** All fields that a step can use, of the nearest step first: those of its method, and what it answered when it was tried. */
export function fieldsBefore(
  d: Design,
  id: string,
  method: (s: Step) => Method | undefined,
  samples: Samples = new Map(),
): Source[] {
  return sourcesOf(d, id).flatMap((step) => {
    const declared = (method(step)?.ResponseFields ?? []).map((f) => ({
      step,
      location: f.ConnectorField,
      label: f.DisplayName || f.ConnectorField,
      type: f.DataType,
    }));
    const known = new Set(declared.map((f) => f.location));
    const seen = locationsOf(samples.get(step.Id)).filter((location) => !known.has(location));
    return [...declared, ...seen.map((location) => ({ step, location, label: location }))];
  });
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
const last = (location: string) => plain(location.split(".").at(-1) ?? "");

/** Those that fit a target, the best first: of the same name, of the same last part, of a name within the other. */
export function ranked(sources: Source[], name: string): Source[] {
  const [whole, end] = [plain(name), last(name)];
  const rank = (s: Source) => {
    if (plain(s.location) === whole || plain(s.label) === whole) return 0;
    if (end && last(s.location) === end) return 1;
    return end && (last(s.location).includes(end) || end.includes(last(s.location))) ? 2 : 3;
  };
  return [...sources].sort((a, b) => rank(a) - rank(b));
}

/** A mapping of another type; what the types have in common is kept. */
export function retype(m: Mapping | undefined, name: string, to: MappingType, sources: Source[]): Mapping {
  const { IsLaunchVisible, IsLaunchRequired, LaunchName, CollectionKey, Format } = m ?? {};
  const kept = { Target: name, MappingType: to, IsLaunchVisible, IsLaunchRequired, LaunchName };
  if (to === "StepOutput") {
    const best = ranked(sources, name)[0];
    const equal = best && last(best.location) === last(name);
    const SourceStepId = (equal ? best : sources[0])?.step.Id;
    return { ...kept, CollectionKey, Format, SourceStepId, SourceField: equal ? best.location : undefined };
  }
  if (to === "Trigger") return { ...kept, Value: m?.Value };
  return to === "StaticValue" ? { ...kept, Format, Value: m?.Value } : kept;
}

/** A list of mappings with one changed, added or, where it says nothing, taken out. */
export function put(all: Mapping[] | null | undefined, m: Mapping): Mapping[] {
  const list = all ?? [];
  const there = list.some((x) => x.Target === m.Target);
  if (!there) return [...list, m];
  return list.map((x) => (x.Target === m.Target ? m : x));
}

/** What two mappings differ in: changes of the same that follow each other are one, such as letters of a text. */
export function differences(a: Mapping | undefined, b: Mapping): string {
  const before: Record<string, unknown> = { ...a };
  const after: Record<string, unknown> = { ...b };
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((n) => before[n] !== after[n]).join();
}

export const without = (all: Mapping[] | null | undefined, name: string) =>
  (all ?? []).filter((m) => m.Target !== name);

/** The merge field that means a source: by its location alone where that is enough. */
export function mergeField(s: Source, all: Source[], variables: string[]): string {
  const nearest = all.find((x) => x.location === s.location);
  const alone = nearest?.step.Id === s.step.Id && !variables.includes(s.location);
  return alone ? `{{${s.location}}}` : `{{${s.step.Name}::${s.location}}}`;
}
