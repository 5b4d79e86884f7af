import { expect, it } from "vitest";
import { addStep, type Design, kinds, read } from "./design";
import { viewOf } from "./view";

const room = { width: 500, height: 600 };

/** Steps in a row. */
function row(count: number): Design {
  let d = read(undefined);
  for (let n = 0; n < count; n++) {
    const at = { DisplayPositionLeft: n * 260, DisplayPositionTop: 100 };
    d = addStep(d, { Name: `${n}`, ActionType: kinds.Action, ...at })[0];
  }
  return d;
}

const last = (d: Design) => d.Steps.at(-1) as Design["Steps"][number];

it("moves nothing for a step that is in sight", () => {
  const d = row(1);
  const now = { x: 10, y: 20, zoom: 1 };
  expect(viewOf(d, last(d), now, room)).toBe(now);
  expect(viewOf(d, last(d), { ...now, zoom: 0.2 }, room)).not.toEqual(now);
});

it("shows all steps while they are large enough to read", () => {
  const d = row(2);
  const view = viewOf(d, last(d), { x: 200, y: 0, zoom: 1 }, room);
  expect(view.zoom).toBeLessThan(1);
  expect(view.x).toBeGreaterThan(0);
  expect(view.x + 460 * view.zoom).toBeLessThan(room.width);
});

it("shows the step in the middle when they would be too small", () => {
  const d = row(9);
  const view = viewOf(d, last(d), { x: 0, y: 0, zoom: 1 }, room);
  expect(view.zoom).toBe(1);
  expect(view.x + (8 * 260 + 100)).toBe(250);
  expect(view.y + 132).toBe(300);
});
