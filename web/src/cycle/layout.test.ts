import { expect, it } from "vitest";
import { box, layout, line } from "./layout";

const step = (Id: string, DisplayPositionLeft = 0, DisplayPositionTop = 0) => ({
  Id,
  DisplayPositionLeft,
  DisplayPositionTop,
});
const edge = (HeadStepId: string, TailStepId: string) => ({ HeadStepId, TailStepId });

it("keeps the places of the builder, moved into sight", () => {
  const { places, width, height } = layout([step("a", 500, -300), step("b", 800, -200)], [edge("a", "b")]);
  expect(places.get("a")).toEqual({ x: 12, y: 12 });
  expect(places.get("b")).toEqual({ x: 312, y: 112 });
  expect([width, height]).toEqual([312 + box.width + 12, 112 + box.height + 12]);
});

it("puts steps that stand upon each other in columns", () => {
  const steps = [step("a"), step("b"), step("c"), step("d")];
  const { places } = layout(steps, [edge("a", "b"), edge("a", "c"), edge("b", "d"), edge("c", "d")]);
  const at = (id: string) => places.get(id) ?? { x: 0, y: 0 };
  expect(at("b").x).toBeGreaterThan(at("a").x);
  expect(at("c").x).toBe(at("b").x);
  expect(at("c").y).toBeGreaterThan(at("b").y);
  expect(at("d").x).toBeGreaterThan(at("c").x);
});

it("comes to an end with loops, and with nothing", () => {
  expect(layout([step("a"), step("b")], [edge("a", "b"), edge("b", "a")]).places.size).toBe(2);
  expect(layout([], []).width).toBe(12);
});

it("draws a line from the right of one to the left of the other", () => {
  expect(line({ x: 0, y: 0 }, { x: 300, y: 100 })).toMatch(/^M 176 24 C .* 294 124$/);
});
