import type { Prerequisite } from "../api/schema";

/** Where something that a cycle lacks is put right. */
export type Solution =
  | { where: "connector"; id: string }
  /** A connector that is not installed. */
  | { where: "connectors" }
  | { where: "step"; step: string }
  | { where: "design" };

export function solution(p: Prerequisite): Solution {
  if (p.ObjectType === "AccountConnector") {
    return p.ObjectId && p.ObjectId !== "0" ? { where: "connector", id: p.ObjectId } : { where: "connectors" };
  }
  const step = p.StepId || (p.ObjectType === "Step" ? p.ObjectId : "");
  return step ? { where: "step", step } : { where: "design" };
}

/** What is missing, by where it is put right: each place is named once. */
export function bySolution(all: Prerequisite[]): { solution: Solution; missing: Prerequisite[] }[] {
  const groups = new Map<string, { solution: Solution; missing: Prerequisite[] }>();
  for (const p of all) {
    const at = solution(p);
    // Each connector that is not installed is a thing to do of its own.
    const key = at.where === "connectors" ? p.Reason : JSON.stringify(at);
    const group = groups.get(key) ?? { solution: at, missing: [] };
    group.missing.push(p);
    groups.set(key, group);
  }
  return [...groups.values()];
}
