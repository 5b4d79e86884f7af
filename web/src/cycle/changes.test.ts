import { expect, it } from "vitest";
import { changes } from "./changes";

const step = (Id: string, more: object = {}) => ({ Id, Name: `Step ${Id}`, ActionType: 1, ...more });
const edge = (HeadStepId: string, TailStepId: string) => ({ HeadStepId, TailStepId, EdgeType: "Forward" });

it("tells which steps came, went and are not as they were", () => {
  const from = { Steps: [step("a"), step("b"), step("c")], Edges: [edge("a", "b"), edge("b", "c")] };
  const to = { Steps: [step("a"), step("b", { Script: "x" }), step("d")], Edges: [edge("a", "b"), edge("b", "d")] };
  expect(changes(from, to)).toEqual([
    { what: "changed", id: "b", name: "Step b" },
    { what: "added", id: "d", name: "Step d" },
    { what: "removed", id: "c", name: "Step c" },
  ]);
});

it("tells that a step leads elsewhere", () => {
  const Steps = [step("a"), step("b"), step("c")];
  expect(changes({ Steps, Edges: [edge("a", "b")] }, { Steps, Edges: [edge("a", "c")] })).toEqual([
    { what: "changed", id: "a", name: "Step a" },
  ]);
});

it("does not take a place on the canvas, or the order of properties, for a change", () => {
  const was = { Id: "a", Name: "A", Delay: { Unit: "h", Amount: 1 }, DisplayPositionLeft: 1 };
  const now = { DisplayPositionLeft: 9, Delay: { Amount: 1, Unit: "h" }, Name: "A", Id: "a" };
  expect(changes({ Steps: [was as never] }, { Steps: [now as never] })).toEqual([]);
  expect(changes({}, {})).toEqual([]);
});
