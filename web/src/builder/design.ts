import type { ConnectorRef, Edge, Graph, Mapping, Step as Sent, Variable } from "../api/schema";
import { guid } from "./guid";

/**
 * A design as the builder edits it, and what can be done to one. Nothing here
 * changes a design: each act gives another, so that it can be undone.
 */

/** A graph of which nothing is left out. */
export interface Design extends Graph {
  Steps: Step[];
  Edges: Required<Edge>[];
  Variables: Variable[];
  Connectors: ConnectorRef[];
  /** Of a cycle: the account connectors that were chosen here, by Ref; the graph itself does not have them. */
  Picked?: Record<string, number>;
}

/** The graph of a design, as it is sent. */
export function graphOf({ Picked: _, ...graph }: Design): Graph {
  return graph;
}

export interface Step extends Sent {
  Id: string;
  Name: string;
  ActionType: number;
  DisplayPositionLeft: number;
  DisplayPositionTop: number;
}

/** The kinds of steps, with the numbers that the API knows them by. */
export const kinds = {
  Action: 1,
  Webhook: 2,
  Decision: 3,
  Delay: 4,
  WaitUntil: 5,
  WaitAll: 6,
  Annotation: 7,
  SynchronousResponse: 8,
} as const;
export type Kind = keyof typeof kinds;

export const kindOf = (s: { ActionType: number }) =>
  (Object.keys(kinds) as Kind[]).find((k) => kinds[k] === s.ActionType) ?? "Action";

/** An exit of a step. */
export type Exit = "Forward" | "True" | "False";

/** Those of a kind; an action whose script says when it is called has those of a decision, too. */
export function exitsOf(s: Step): Exit[] {
  if (s.ActionType === kinds.Decision) return ["True", "False"];
  if (s.ActionType === kinds.Annotation) return [];
  const decides = s.ActionType === kinds.Action && /\baction_condition\b/.test(s.Script ?? "");
  return decides ? ["Forward", "True", "False"] : ["Forward"];
}

/** How far apart steps are put, in pixels. */
export const gap = { left: 260, top: 120 };

export function read(g: Graph | null | undefined): Design {
  return {
    ...g,
    Steps: (g?.Steps ?? []).map((s) => ({
      ...s,
      Id: s.Id ?? "",
      Name: s.Name ?? "",
      ActionType: s.ActionType ?? kinds.Action,
      DisplayPositionLeft: s.DisplayPositionLeft ?? 0,
      DisplayPositionTop: s.DisplayPositionTop ?? 0,
    })),
    Edges: (g?.Edges ?? []) as Required<Edge>[],
    Variables: g?.Variables ?? [],
    Connectors: g?.Connectors ?? [],
  };
}

export const stepOf = (d: Design, id: string | undefined) => d.Steps.find((s) => s.Id === id);

/** Adds a step to the right of another, which then leads to it, by an exit that leads nowhere yet. */
export function addStep(d: Design, step: Omit<Step, "Id">, after?: { step: string; exit?: Exit }): [Design, Step] {
  const added = { ...step, Id: guid() };
  const before = stepOf(d, after?.step);
  const with_ = { ...d, Steps: [...d.Steps, added] };
  if (!before || added.ActionType === kinds.Annotation) return [with_, added];
  const free = exitsOf(before).find((e) => !d.Edges.some((x) => x.HeadStepId === before.Id && x.EdgeType === e));
  const exit = after?.exit ?? free ?? exitsOf(before)[0];
  return [exit ? connect(with_, before.Id, added.Id, exit) : with_, added];
}

/** Why two steps cannot be connected; undefined: they can. */
export type Refused = "self" | "twice" | "loop" | "annotation";

export function refuses(d: Design, head: string, tail: string, exit: Exit): Refused | undefined {
  const [from, to] = [stepOf(d, head), stepOf(d, tail)];
  if (!from || !to || head === tail) return "self";
  if (from.ActionType === kinds.Annotation || to.ActionType === kinds.Annotation) return "annotation";
  if (d.Edges.some((e) => e.HeadStepId === head && e.TailStepId === tail && e.EdgeType === exit)) return "twice";
  return leadsTo(d, tail, head) ? "loop" : undefined;
}

/** Connects two steps; what refuses leaves the design as it is. */
export function connect(d: Design, head: string, tail: string, exit: Exit): Design {
  if (refuses(d, head, tail, exit)) return d;
  return { ...d, Edges: [...d.Edges, { Id: guid(), HeadStepId: head, TailStepId: tail, EdgeType: exit }] };
}

/** Whether there is a way from a step to another. */
export function leadsTo(d: Design, from: string, to: string): boolean {
  return from === to || after(d, from).has(to);
}

type Way = "HeadStepId" | "TailStepId";

/** The edges of a design by the step at one of their ends; kept for as long as the edges are. */
const indexes = new WeakMap<Required<Edge>[], Record<Way, Map<string, string[]>>>();

function indexOf(d: Design): Record<Way, Map<string, string[]>> {
  const known = indexes.get(d.Edges);
  if (known) return known;
  const made = { HeadStepId: new Map<string, string[]>(), TailStepId: new Map<string, string[]>() };
  const add = (m: Map<string, string[]>, near: string, far: string) => m.set(near, [...(m.get(near) ?? []), far]);
  for (const e of d.Edges) {
    add(made.HeadStepId, e.HeadStepId, e.TailStepId);
    add(made.TailStepId, e.TailStepId, e.HeadStepId);
  }
  indexes.set(d.Edges, made);
  return made;
}

function walk(d: Design, from: string, way: Way, ends: (id: string) => boolean = () => false): Set<string> {
  const next = indexOf(d)[way];
  const seen = new Set<string>();
  const todo = [from];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (at !== from && ends(at)) continue;
    for (const far of next.get(at) ?? []) {
      if (seen.has(far)) continue;
      seen.add(far);
      todo.push(far);
    }
  }
  return seen;
}

/** All steps that a step leads to. */
export const after = (d: Design, id: string) => walk(d, id, "HeadStepId");

/** All that lead to a step and pass their data on: none through a Wait All. */
export function before(d: Design, id: string): Set<string> {
  const gathers = new Set(d.Steps.filter((s) => s.ActionType === kinds.WaitAll).map((s) => s.Id));
  return walk(d, id, "TailStepId", (x) => gathers.has(x));
}

/** The steps whose answers a step can use, the nearest first. */
export function sourcesOf(d: Design, id: string): Step[] {
  const all = [...before(d, id)];
  const depth = new Map(all.map((x) => [x, walk(d, x, "TailStepId").size]));
  return all
    .sort((a, b) => (depth.get(b) ?? 0) - (depth.get(a) ?? 0))
    .flatMap((x) => stepOf(d, x) ?? [])
    .filter((s) => s.ActionType === kinds.Action || s.ActionType === kinds.Webhook);
}

/** Takes steps and edges away, with the edges of the steps and the connectors that nothing uses any more. */
export function remove(d: Design, steps: string[], edges: string[] = []): Design {
  const Steps = d.Steps.filter((s) => !steps.includes(s.Id));
  const there = new Set(Steps.map((s) => s.Id));
  return tidy({
    ...d,
    Steps,
    Edges: d.Edges.filter((e) => !edges.includes(e.Id) && there.has(e.HeadStepId) && there.has(e.TailStepId)),
  });
}

const tidy = (d: Design): Design => ({
  ...d,
  Connectors: d.Connectors.filter((c) => d.Steps.some((s) => s.Connector === c.Ref)),
});

export function change(d: Design, id: string, to: Partial<Step>): Design {
  return { ...d, Steps: d.Steps.map((s) => (s.Id === id ? { ...s, ...to } : s)) };
}

/** Where a step is on the canvas, in pixels. */
export interface Place {
  left: number;
  top: number;
}

export function move(d: Design, to: Map<string, Place>): Design {
  return {
    ...d,
    Steps: d.Steps.map((s) => {
      const at = to.get(s.Id);
      return at ? { ...s, DisplayPositionLeft: Math.round(at.left), DisplayPositionTop: Math.round(at.top) } : s;
    }),
  };
}

/** Steps that were copied, with what they need to be put elsewhere. */
export type Clip = Pick<Design, "Steps" | "Edges" | "Connectors">;

export function copy(d: Design, ids: string[]): Clip {
  const Steps = d.Steps.filter((s) => ids.includes(s.Id));
  return {
    Steps,
    Edges: d.Edges.filter((e) => ids.includes(e.HeadStepId) && ids.includes(e.TailStepId)),
    Connectors: d.Connectors.filter((c) => Steps.some((s) => s.Connector === c.Ref)),
  };
}

/** Puts copies of steps beside where they were, and gives these. What they take from steps that are not here is ignored. */
export function paste(d: Design, clip: Clip, by: Place = { left: 40, top: 60 }): [Design, Step[]] {
  const ids = new Map(clip.Steps.map((s) => [s.Id, guid()]));
  let there = d;
  const refs = new Map<string, string>();
  for (const c of clip.Connectors) {
    const [next, ref] = use(there, c);
    there = next;
    refs.set(c.Ref ?? "", ref);
  }
  const source = (m: Mapping): Mapping => {
    if (m.MappingType !== "StepOutput") return m;
    const id = ids.get(m.SourceStepId ?? "") ?? stepOf(d, m.SourceStepId)?.Id;
    return id ? { ...m, SourceStepId: id } : { Target: m.Target, MappingType: "Ignore" };
  };
  const added = clip.Steps.map((s) => ({
    ...mapped(s, source),
    OriginId: undefined,
    Id: ids.get(s.Id) ?? "",
    Connector: refs.get(s.Connector ?? "") ?? s.Connector,
    DisplayPositionLeft: s.DisplayPositionLeft + by.left,
    DisplayPositionTop: s.DisplayPositionTop + by.top,
  }));
  const Edges = clip.Edges.map((e) => ({
    ...e,
    Id: guid(),
    HeadStepId: ids.get(e.HeadStepId) ?? "",
    TailStepId: ids.get(e.TailStepId) ?? "",
  }));
  return [{ ...there, Steps: [...there.Steps, ...added], Edges: [...there.Edges, ...Edges] }, added];
}

/** A step with each of its mappings replaced. */
export function mapped(s: Step, by: (m: Mapping) => Mapping): Step {
  const list = (all: Mapping[] | null | undefined) => all?.map(by);
  return {
    ...s,
    Parameters: list(s.Parameters),
    Fields: list(s.Fields),
    Until: s.Until && by(s.Until),
    Match: s.Match && { ...s.Match, Key: s.Match.Key && by(s.Match.Key) },
    Answer: s.Answer && { ...s.Answer, Headers: list(s.Answer.Headers), Body: s.Answer.Body && by(s.Answer.Body) },
    Decision: s.Decision && {
      ...s.Decision,
      Groups: s.Decision.Groups?.map(
        (g) => g?.map((r) => ({ ...r, Left: r.Left && by(r.Left), Right: r.Right && by(r.Right) })) ?? null,
      ),
    },
  };
}

/** The name by which a design knows a connector, which it is told of if it does not use it yet. */
export function use(d: Design, c: ConnectorRef): [Design, string] {
  const known = d.Connectors.find((x) =>
    c.UniqueIdentifier
      ? x.UniqueIdentifier === c.UniqueIdentifier && x.Version === c.Version
      : !x.UniqueIdentifier && x.Name === c.Name && x.Version === c.Version,
  );
  if (known?.Ref) return [d, known.Ref];
  const taken = new Set(d.Connectors.map((x) => x.Ref));
  const stem =
    (c.Name ?? "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "connector";
  let ref = stem;
  for (let n = 2; taken.has(ref); n++) ref = `${stem}-${n}`;
  return [{ ...d, Connectors: [...d.Connectors, { ...c, Ref: ref }] }, ref];
}
