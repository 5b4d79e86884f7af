import { expect, test } from "vitest";
import { byAccount, daysAgo, part } from "./figures";

const cycle = (AccountId: string, CycleId: string, Errors: number) => ({
  AccountId,
  AccountName: AccountId.toUpperCase(),
  CycleId,
  CycleName: CycleId,
  Runs: 10,
  Errors,
});

test("a day is one of UTC", () => {
  expect(daysAgo(0, Date.UTC(2026, 2, 1, 23, 59))).toBe("2026-03-01");
  expect(daysAgo(1, Date.UTC(2026, 2, 1, 0, 0))).toBe("2026-02-28");
});

test("cycles that fail stand with their account, the worst first", () => {
  const all = byAccount([cycle("a", "1", 5), cycle("b", "2", 4), cycle("b", "3", 3)]);
  expect(all.map((a) => [a.name, a.errors, a.cycles.length])).toEqual([
    ["B", 7, 2],
    ["A", 5, 1],
  ]);
});

test("an allowance looks worse as it is used", () => {
  expect(part(10, 100)).toEqual({ percent: 10, tone: "accent" });
  expect(part(80, 100).tone).toBe("warn");
  expect(part(250, 100)).toEqual({ percent: 250, tone: "bad" });
  expect(part(5, 0)).toEqual({ percent: 0, tone: "accent" });
});
