import { expect, test } from "vitest";
import { kinds, type Step } from "./design";
import { origins, pathOn, starts } from "./trialRun";

const step = (Id: string, kind: keyof typeof kinds, OriginId?: string) =>
  ({ Id, Name: Id, ActionType: kinds[kind], DisplayPositionLeft: 0, DisplayPositionTop: 0, OriginId }) as Step;
const edge = (HeadStepId: string, TailStepId: string) => ({ Id: "e", HeadStepId, TailStepId, EdgeType: "Forward" });

test.each([
  ["a method", [step("a", "Action"), step("b", "Action")], [edge("a", "b")], "timer"],
  ["a webhook", [step("a", "Webhook"), step("b", "Action")], [edge("a", "b")], "webhook"],
  ["a webhook, beside a note", [step("n", "Annotation"), step("a", "Webhook")], [], "webhook"],
  ["nothing", [], [], undefined],
] as const)("what begins with %s", (_, Steps, Edges, by) => {
  expect(starts({ Steps: [...Steps], Edges: [...Edges] })).toBe(by);
});

test("the way of a test is on the steps that it was made of", () => {
  const path = pathOn(
    { came: new Map([["c1", "Success"]]), taken: new Set(["c1 Forward c2"]) },
    origins([step("c1", "Action", "t1"), step("c2", "Action", "t2"), step("c3", "Action")]),
  );
  expect([...path.came]).toEqual([["t1", "Success"]]);
  expect([...path.taken]).toEqual(["t1 Forward t2"]);
});
