import { expect, it } from "vitest";
import { bySolution, solution } from "./solution";

const p = (ObjectType: string, ObjectId: string, StepId = "", Reason = "r") => ({
  ObjectType,
  ObjectId,
  StepId,
  Reason,
  ReasonCode: 0,
});

it("leads to where something is put right", () => {
  expect(solution(p("AccountConnector", "7", "s"))).toEqual({ where: "connector", id: "7" });
  expect(solution(p("AccountConnector", "0", "s"))).toEqual({ where: "connectors" });
  expect(solution(p("Step", "s"))).toEqual({ where: "step", step: "s" });
  expect(solution(p("Parameter", "9", "s"))).toEqual({ where: "step", step: "s" });
  expect(solution(p("Cycle", "c"))).toEqual({ where: "design" });
});

it("names each place once, and each connector that is not installed by itself", () => {
  const all = [
    p("Parameter", "1", "a"),
    p("Field", "2", "a"),
    p("Field", "2", "b"),
    p("AccountConnector", "0", "a", "CRM"),
    p("AccountConnector", "0", "b", "Mail"),
  ];
  expect(bySolution(all).map((g) => [g.solution.where, g.missing.length])).toEqual([
    ["step", 2],
    ["step", 1],
    ["connectors", 1],
    ["connectors", 1],
  ]);
});
