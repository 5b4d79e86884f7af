import { expect, it } from "vitest";
import { summed } from "./activity";

it("sums up the cycles of an account", () => {
  const cycle = (Status: "Running" | "Paused" | "Finishing", ErrorCount: number, ...runs: [number, number][]) => ({
    Status,
    ErrorCount,
    Activity: runs.map(([Runs, Errors]) => ({ Runs, Errors })),
  });
  expect(summed([])).toEqual({ cycles: 0, active: 0, errors: 0, days: [] });
  expect(
    summed([cycle("Running", 2, [3, 1], [0, 0]), cycle("Paused", 1, [1, 0], [2, 2]), cycle("Finishing", 0)]),
  ).toEqual({
    cycles: 3,
    active: 2,
    errors: 3,
    days: [
      { Runs: 4, Errors: 1 },
      { Runs: 2, Errors: 2 },
    ],
  });
});
