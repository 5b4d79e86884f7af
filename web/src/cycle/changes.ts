import type { Graph } from "../api/schema";

/** What a step is in one of two releases and not, or not so, in the other. */
export interface Change {
  what: "added" | "removed" | "changed";
  /** The step's id, which both releases know it by. */
  id: string;
  /** The step's name, as it is afterwards. */
  name: string;
}

type Step = NonNullable<Graph["Steps"]>[number];

/** What a step does, without where it stands on the canvas. */
const does = ({ DisplayPositionLeft, DisplayPositionTop, ...step }: Step) => JSON.stringify(sorted(step));

/** The same value, its properties in one order. */
function sorted(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(sorted);
  if (typeof v !== "object" || v === null) return v;
  return Object.fromEntries(
    Object.entries(v)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, x]) => [name, sorted(x)]),
  );
}

/** What changes for a cycle that goes from one release of its template to another. */
export function changes(from: Graph, to: Graph): Change[] {
  const before = new Map((from.Steps ?? []).map((s) => [s.Id, s]));
  const after = new Set((to.Steps ?? []).map((s) => s.Id));
  const found = (to.Steps ?? []).flatMap((step): Change[] => {
    const name = step.Name ?? "";
    const was = before.get(step.Id);
    if (!was) return [{ what: "added", id: step.Id ?? "", name }];
    return does(was) === does(step) && leads(from, step.Id) === leads(to, step.Id)
      ? []
      : [{ what: "changed", id: step.Id ?? "", name }];
  });
  const gone = [...before.values()].filter((s) => !after.has(s.Id));
  return [...found, ...gone.map((s): Change => ({ what: "removed", id: s.Id ?? "", name: s.Name ?? "" }))];
}

/** Where a step leads to. */
const leads = (g: Graph, id: string | undefined) =>
  (g.Edges ?? [])
    .filter((e) => e.HeadStepId === id)
    .map((e) => `${e.EdgeType} ${e.TailStepId}`)
    .sort()
    .join();
