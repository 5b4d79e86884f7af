import type { Graph } from "../api/schema";
import { type Change, changes } from "../cycle/changes";

/** An edge, by the names of its steps. */
export interface Way {
  what: "added" | "removed";
  from: string;
  to: string;
  type: string;
}

/** What differs between two releases, and what that means for who installed the first. */
export interface Difference {
  steps: Change[];
  edges: Way[];
  /** Choices of customers that both have, by name: their values stay. */
  kept: string[];
  /** Connectors that only the second needs: they are to be authenticated. */
  connectors: string[];
  /** Choices that only the second has, and cannot do without. */
  asked: string[];
}

export function difference(from: Graph, to: Graph): Difference {
  const [before, after] = [choices(from), choices(to)];
  const had = new Set((from.Connectors ?? []).map((c) => c.Name));
  return {
    steps: changes(from, to),
    edges: [...ways(to, from, "added"), ...ways(from, to, "removed")],
    kept: [...after].filter(([key]) => before.has(key)).map(([, c]) => c.name),
    connectors: (to.Connectors ?? []).filter((c) => !had.has(c.Name)).map((c) => c.Name ?? ""),
    asked: [...after].filter(([key, c]) => c.required && !before.has(key)).map(([, c]) => c.name),
  };
}

/** Edges that one graph has and the other does not. */
function ways(has: Graph, lacks: Graph, what: Way["what"]): Way[] {
  const key = (e: NonNullable<Graph["Edges"]>[number]) => `${e.HeadStepId} ${e.EdgeType} ${e.TailStepId}`;
  const other = new Set((lacks.Edges ?? []).map(key));
  const names = new Map((has.Steps ?? []).map((s) => [s.Id, s.Name ?? ""]));
  return (has.Edges ?? [])
    .filter((e) => !other.has(key(e)))
    .map((e) => ({
      what,
      from: names.get(e.HeadStepId) ?? "",
      to: names.get(e.TailStepId) ?? "",
      type: e.EdgeType ?? "Forward",
    }));
}

/** What customers may choose: mappings by step and target, variables by name. */
function choices(g: Graph): Map<string, { name: string; required: boolean }> {
  const all = new Map<string, { name: string; required: boolean }>();
  for (const v of g.Variables ?? []) {
    const required = !!v.IsLaunchRequired && !v.Value;
    if (v.IsLaunchVisible) all.set(`variable ${v.SystemName}`, { name: v.DisplayName || v.SystemName || "", required });
  }
  for (const s of g.Steps ?? []) {
    for (const m of [...(s.Parameters ?? []), ...(s.Fields ?? [])]) {
      if (!m.IsLaunchVisible) continue;
      const required = !!m.IsLaunchRequired && !m.Value;
      all.set(`${s.Id} ${m.Target}`, { name: m.LaunchName || `${s.Name}: ${m.Target}`, required });
    }
  }
  return all;
}

/** A graph as text that two releases can be compared by: without what stands where, each step one after the other. */
export function asText(g: Graph): string {
  const steps = (g.Steps ?? []).map(({ DisplayPositionLeft, DisplayPositionTop, ...s }) => s);
  return JSON.stringify({ ...g, Steps: steps }, null, 2);
}
