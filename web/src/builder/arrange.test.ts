import { expect, it } from "vitest";
import { arrange, freePlace, size } from "./arrange";
import { addStep, type Design, kinds, read } from "./design";

const step = (Name: string, ActionType: number = kinds.Action) => ({
  Name,
  ActionType,
  DisplayPositionLeft: 0,
  DisplayPositionTop: 0,
});

function fork(): Design {
  const [one, a] = addStep(read(undefined), step("a"));
  const [two] = addStep(one, step("b"), { step: a.Id, exit: "Forward" });
  const [three] = addStep(two, step("c"), { step: a.Id, exit: "Forward" });
  return addStep(three, step("note", kinds.Annotation))[0];
}

it("puts what follows to the right, and branches apart", () => {
  const d = fork();
  const at = arrange(d);
  const [a, b, c, note] = d.Steps.map((s) => at.get(s.Id));
  expect(b?.left).toBeGreaterThan((a?.left ?? 0) + size.width);
  expect(b?.left).toBe(c?.left);
  expect(Math.abs((b?.top ?? 0) - (c?.top ?? 0))).toBeGreaterThanOrEqual(size.height);
  expect(note).toBeUndefined();
});

it("finds a place that is free", () => {
  const d = fork();
  const first = freePlace(d, d.Steps[0]?.Id);
  expect(first.left).toBeGreaterThan(size.width);
  const [more] = addStep(d, { ...step("d"), DisplayPositionLeft: first.left, DisplayPositionTop: first.top });
  expect(freePlace(more, d.Steps[0]?.Id).top).toBeGreaterThan(first.top);
  expect(freePlace(read(undefined))).toEqual({ left: 80, top: 160 });
});
