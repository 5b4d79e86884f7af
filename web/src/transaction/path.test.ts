import { describe, expect, it } from "vitest";
import type { CycleEdge, CycleStep, StepItem, Transaction } from "../api/schema";
import { pathOf, waitOf } from "./path";

const tx = (Status: Transaction["Status"]) => ({ Status }) as Transaction;
const item = (Seq: number, Prev: number, StepId: string, more: Partial<StepItem> = {}) =>
  ({ Seq, Prev, StepId, Outcome: "Success", Tasks: 1, ...more }) as StepItem;
const step = (Id: string, ActionType: string) => ({ Id, ActionType, Name: `Step ${Id}` }) as CycleStep;
const edge = (HeadStepId: string, TailStepId: string, EdgeType = "Forward"): CycleEdge => ({
  HeadStepId,
  TailStepId,
  EdgeType,
});

const steps = [step("a", "Webhook"), step("b", "Decision"), step("c", "Action"), step("d", "Delay")];
const edges = [edge("a", "b"), edge("b", "c", "True"), edge("b", "d", "False")];

describe("the path", () => {
  it("takes the exit that was taken, and no other", () => {
    const items = [item(1, 0, "a"), item(2, 1, "b", { Exit: "True" }), item(3, 2, "c", { Outcome: "Error" })];
    const { came, taken } = pathOf(tx("Failed"), items, edges);
    expect([...came]).toEqual([
      ["a", "Success"],
      ["b", "Success"],
      ["c", "Error"],
    ]);
    expect([...taken]).toEqual(["a Forward b", "b True c"]);
  });

  it("leads to where the transaction is, while it is not at its end", () => {
    const items = [item(1, 0, "a"), item(2, 1, "b", { Exit: "False" })];
    const path = pathOf(tx("Waiting"), items, edges);
    expect(path.came.get("d")).toBe("Waiting");
    expect([...path.taken]).toEqual(["a Forward b", "b False d"]);
    expect(pathOf(tx("Completed"), items, edges).came.has("d")).toBe(false);
  });

  it("shows of a step that was tried again what came of it at last", () => {
    const items = [item(1, 0, "a", { Outcome: "Warning" }), item(2, 0, "a", { Attempt: 2 })];
    expect(pathOf(tx("Completed"), items, edges).came.get("a")).toBe("Success");
  });
});

describe("a wait", () => {
  const at = (Status: Transaction["Status"], ...items: StepItem[]) => waitOf(tx(Status), items, steps, edges);
  it("is told from where the transaction stands", () => {
    expect(at("Waiting", item(1, 0, "a"), item(2, 1, "b", { Exit: "False" }))).toEqual({
      why: "Delay",
      step: "Step d",
    });
    expect(at("Waiting", item(1, 0, "a", { Outcome: "Warning", Tasks: 0 }))).toEqual({ why: "retry", step: "Step a" });
    expect(at("Waiting", item(1, 0, "a"), item(2, 1, "b", { Exit: "True" }))).toEqual({ why: "limit", step: "Step c" });
    expect(at("Held")).toEqual({ why: "held" });
    expect(at("Split")).toEqual({ why: "split" });
  });
  it("is none of one that goes on, or has ended", () => {
    expect(at("Queued")).toBeUndefined();
    expect(at("Completed")).toBeUndefined();
  });
});
