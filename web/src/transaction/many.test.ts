import { expect, it } from "vitest";
import { actsOf, filterOf } from "./many";

it("offers what the transactions that are shown allow", () => {
  expect(actsOf("Failed")).toEqual(["resume", "retry"]);
  expect(actsOf("Completed")).toEqual(["retry"]);
  expect(actsOf("Held")).toEqual(["drop"]);
  expect(actsOf(undefined)).toEqual(["resume", "retry", "drop"]);
});

it("runs those again that failed, and drops all that are not at their end, unless a status is chosen", () => {
  expect(filterOf("retry", "c")).toEqual({ CycleId: "c", Status: "Failed" });
  expect(filterOf("drop")).toEqual({ CycleId: undefined, Status: undefined });
  expect(filterOf("drop", "c", "Held")).toEqual({ CycleId: "c", Status: "Held" });
});
