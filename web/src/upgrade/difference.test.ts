import { expect, it } from "vitest";
import type { Graph } from "../api/schema";
import { asText, difference } from "./difference";

const step = (Id: string, more: object = {}) => ({ Id, Name: `Step ${Id}`, ActionType: 1, ...more });
const edge = (HeadStepId: string, TailStepId: string, EdgeType = "Forward") => ({ HeadStepId, TailStepId, EdgeType });
const graph = (g: object) => g as Graph;

it("tells of steps and edges that came and went", () => {
  const from = graph({ Steps: [step("a"), step("b")], Edges: [edge("a", "b")] });
  const to = graph({ Steps: [step("a"), step("c")], Edges: [edge("a", "c", "True")] });
  const d = difference(from, to);
  expect(d.steps.map((s) => `${s.what} ${s.name}`)).toEqual(["changed Step a", "added Step c", "removed Step b"]);
  expect(d.edges).toEqual([
    { what: "added", from: "Step a", to: "Step c", type: "True" },
    { what: "removed", from: "Step a", to: "Step b", type: "Forward" },
  ]);
});

it("tells which choices stay, and what will be asked for", () => {
  const chosen = { Target: "ListId", IsLaunchVisible: true, LaunchName: "List" };
  const from = graph({ Steps: [step("a", { Parameters: [chosen] })], Connectors: [{ Ref: "crm", Name: "CRM" }] });
  const to = graph({
    Steps: [step("a", { Parameters: [{ ...chosen, IsLaunchRequired: true }], Fields: [{ Target: "x" }] })],
    Variables: [
      { DisplayName: "Greeting", SystemName: "g", IsLaunchVisible: true, IsLaunchRequired: true },
      { DisplayName: "Set", SystemName: "s", IsLaunchVisible: true, IsLaunchRequired: true, Value: "there" },
    ],
    Connectors: [
      { Ref: "crm", Name: "CRM" },
      { Ref: "m", Name: "Mailing" },
    ],
  });
  const { kept, asked, connectors } = difference(from, to);
  expect({ kept, asked, connectors }).toEqual({ kept: ["List"], asked: ["Greeting"], connectors: ["Mailing"] });
});

it("compares as text without places on the canvas", () => {
  const at = (DisplayPositionLeft: number) => asText(graph({ Steps: [step("a", { DisplayPositionLeft })] }));
  expect(at(1)).toBe(at(2));
  expect(difference({}, {})).toEqual({ steps: [], edges: [], kept: [], connectors: [], asked: [] });
});
