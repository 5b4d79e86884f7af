import { describe, expect, it } from "vitest";
import { type Design, type Exit, kinds, type Step } from "./design";
import { insertAfter, moveStep, outline, removeStep } from "./outline";

const step = (Id: string, ActionType: number = kinds.Action, left = 0): Step => ({
  Id,
  Name: Id,
  ActionType,
  DisplayPositionLeft: left,
  DisplayPositionTop: 0,
});

/** A design of edges such as "a>b" and "a>b:True"; d is a decision, w a webhook, n an annotation. */
function design(...edges: string[]): Design {
  const parts = edges.map((e) => e.split(/[>:]/) as [string, string?, Exit?]);
  const ids = [...new Set(parts.flatMap(([a, b]) => (b ? [a, b] : [a])))];
  const type: Record<string, number> = { d: kinds.Decision, w: kinds.Webhook, n: kinds.Annotation };
  return {
    Steps: ids.map((id, i) => step(id, type[id], i * 100)),
    Edges: parts.flatMap(([a, b, exit = "Forward"]) =>
      b ? [{ Id: `${a}>${b}`, HeadStepId: a, TailStepId: b, EdgeType: exit }] : [],
    ),
    Variables: [],
    Connectors: [],
  };
}

const lines = (d: Design | undefined) =>
  d?.Edges.map((e) => `${e.HeadStepId}>${e.TailStepId}${e.EdgeType === "Forward" ? "" : `:${e.EdgeType}`}`).sort();
const rows = (d: Design) =>
  outline(d).map(
    (r) => `${" ".repeat(r.depth)}${r.exit ? `${r.exit} ` : ""}${r.step.Id}${r.goes.map((s) => ` +${s.Id}`).join("")}`,
  );

describe("the rows of a design", () => {
  it("are in order, and indented after a decision", () =>
    expect(rows(design("n", "w>d", "d>b:False", "d>a:True", "a>c"))).toEqual([
      "w",
      "d",
      " True a",
      " c",
      " False b",
      "n",
    ]));
  it("name each step once, and where a branch joins another", () =>
    expect(rows(design("w>d", "d>a:True", "d>b:False", "a>c", "b>c"))).toEqual([
      "w",
      "d",
      " True a",
      " c",
      " False b +c",
    ]));
  it("have all that stands alone", () => expect(rows(design("a>b", "c"))).toEqual(["a", "b", "c"]));
});

describe("a step is put after another", () => {
  it("between it and what follows", () =>
    expect(lines(insertAfter(design("a>b", "a>x"), "x", { step: "a" }))).toEqual(["a>x", "x>b"]));
  it("on one of its ways", () =>
    expect(lines(insertAfter(design("d>a:True", "d>b:False", "x"), "x", { step: "d", exit: "False" }))).toEqual([
      "d>a:True",
      "d>x:False",
      "x>b",
    ]));
  it("and a decision goes on when it is true", () =>
    expect(lines(insertAfter(design("a>b", "d"), "d", { step: "a" }))).toEqual(["a>d", "d>b:True"]));
});

describe("a step is taken out", () => {
  it("and the line is closed", () => expect(lines(removeStep(design("w>a", "a>b"), "a"))).toEqual(["w>b"]));
  it("with the exit that led to it", () =>
    expect(lines(removeStep(design("d>a:True", "a>b"), "a"))).toEqual(["d>b:True"]));
  it("and nothing is joined for a decision", () =>
    expect(lines(removeStep(design("w>d", "d>b:True"), "d"))).toEqual([]));
});

describe("a step is moved", () => {
  const chain = design("w>a", "a>b", "b>c");
  it("up", () => expect(lines(moveStep(chain, "b", -1))).toEqual(["a>c", "b>a", "w>b"]));
  it("down, to where the other was", () => {
    const moved = moveStep(chain, "a", 1);
    expect(lines(moved)).toEqual(["a>c", "b>a", "w>b"]);
    expect(moved?.Steps.map((s) => s.DisplayPositionLeft)).toEqual([0, 200, 100, 300]);
  });
  it("not before a webhook, across a decision, or at an end", () => {
    expect(moveStep(chain, "a", -1)).toBeUndefined();
    expect(moveStep(chain, "c", 1)).toBeUndefined();
    expect(moveStep(design("w>d", "d>a:True"), "a", -1)).toBeUndefined();
    expect(moveStep(design("a>b", "a>c"), "a", 1)).toBeUndefined();
  });
});
