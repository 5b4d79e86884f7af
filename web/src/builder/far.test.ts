import { expect, test } from "vitest";
import { dotsAt, linesOf } from "./far";

test("dots stand where the canvas is, wherever it was moved to", () => {
  expect(dotsAt(0, 0, 1)).toEqual({ gap: 20, x: 0, y: 0 });
  expect(dotsAt(47, -3, 1)).toEqual({ gap: 20, x: 7, y: 17 });
  expect(dotsAt(0, 0, 1.5).gap).toBe(30);
});

test("dots are never crowded", () => {
  for (const zoom of [0.1, 0.25, 0.4, 0.59, 0.6, 1]) {
    const { gap } = dotsAt(0, 0, zoom);
    expect(gap).toBeGreaterThanOrEqual(12);
    expect(gap).toBeLessThan(24.1);
  }
});

test("lines lead from exits to steps that are there", () => {
  const nodes = [
    { id: "a", position: { x: 0, y: 0 } },
    { id: "b", position: { x: 260, y: 100 } },
  ];
  const edges = [
    { source: "a", target: "b", sourceHandle: "Forward" },
    { source: "a", target: "gone" },
  ];
  expect(linesOf(nodes, edges)).toBe("M200 32H230V132H260");
});
