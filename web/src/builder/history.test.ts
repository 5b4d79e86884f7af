import { expect, it } from "vitest";
import { begin, record, redo, undo } from "./history";

it("goes back and forth", () => {
  const h = record(record(begin("a"), "b"), "c");
  expect(undo(h).now).toBe("b");
  expect(undo(undo(undo(h))).now).toBe("a");
  expect(redo(undo(h)).now).toBe("c");
  expect(redo(h)).toBe(h);
  expect(record(undo(h), "d").future).toEqual([]);
});

it("takes what belongs together in one step", () => {
  const typed = record(record(record(begin("a"), "b", "name 1"), "bc", "name 1"), "bcd", "name 2");
  expect(undo(typed).now).toBe("bc");
  expect(undo(undo(typed)).now).toBe("a");
});

it("does not join what was undone with what comes next", () => {
  const h = undo(record(begin("a"), "b", "name"));
  expect(undo(record(h, "c", "name")).now).toBe("a");
});

it("notes nothing when nothing changed", () => {
  const h = begin("a");
  expect(record(h, "a")).toBe(h);
});
