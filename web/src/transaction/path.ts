import type { CycleEdge, CycleStep, StepItem, Transaction } from "../api/schema";
import { edgeKey } from "../cycle/layout";
import type { Came } from "../cycle/StepGraph";
import { isFinal } from "./merge";

/** Where a transaction went. */
export interface Path {
  came: Map<string, Came>;
  /** The edges that it took, by their keys. */
  taken: Set<string>;
}

/** The way of a transaction through its cycle, from what its steps did. */
export function pathOf(tx: Transaction, items: StepItem[], edges: CycleEdge[]): Path {
  const came = new Map<string, Came>();
  for (const item of items) came.set(item.StepId, item.Outcome);
  const bySeq = new Map(items.map((i) => [i.Seq, i]));
  const taken = new Set<string>();
  for (const item of items) {
    const head = bySeq.get(item.Prev);
    if (!head) continue;
    const between = edges.filter((e) => e.HeadStepId === head.StepId && e.TailStepId === item.StepId);
    const edge = between.find((e) => e.EdgeType === head.Exit) ?? between[0];
    if (edge) taken.add(edgeKey(edge));
  }
  if (!isFinal(tx.Status)) {
    for (const edge of ahead(items, edges)) {
      came.set(edge.TailStepId ?? "", "Waiting");
      taken.add(edgeKey(edge));
    }
  }
  return { came, taken };
}

/** The edges that lead on from what was done to what was not yet. */
function ahead(items: StepItem[], edges: CycleEdge[]): CycleEdge[] {
  const done = new Map(items.map((i) => [i.StepId, i]));
  return edges.filter((e) => {
    const head = done.get(e.HeadStepId ?? "");
    if (!head || head.Outcome === "Error" || done.has(e.TailStepId ?? "")) return false;
    return !head.Exit || head.Exit === e.EdgeType;
  });
}

/** Why a transaction does not go on now. */
export interface Wait {
  why: "retry" | "Delay" | "WaitUntil" | "WaitAll" | "Webhook" | "limit" | "held" | "split";
  /** The step that it is at. */
  step?: string;
}

/** Why a transaction waits; undefined when it does not. */
export function waitOf(tx: Transaction, items: StepItem[], steps: CycleStep[], edges: CycleEdge[]): Wait | undefined {
  if (tx.Status === "Held") return { why: "held" };
  if (tx.Status === "Split") return { why: "split" };
  if (tx.Status !== "Waiting") return undefined;
  const nameOf = (id: string | undefined) => steps.find((s) => s.Id === id)?.Name;
  const next = ahead(items, edges).flatMap((e) => steps.find((s) => s.Id === e.TailStepId) ?? []);
  const waits = next.find(({ ActionType: kind }) => isWait(kind));
  if (waits && isWait(waits.ActionType)) return { why: waits.ActionType, step: waits.Name };
  const last = items.at(-1);
  // A warning without tasks is an attempt that is followed by another.
  if (last?.Outcome === "Warning" && last.Tasks === 0) return { why: "retry", step: nameOf(last.StepId) };
  return { why: "limit", step: next[0]?.Name };
}

const waiting = ["Delay", "WaitUntil", "WaitAll", "Webhook"] as const;

function isWait(kind: string): kind is (typeof waiting)[number] {
  return (waiting as readonly string[]).includes(kind);
}
