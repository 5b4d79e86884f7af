import { expect, it } from "vitest";
import type { TransactionJob } from "../api/schema";
import { actsOf, filterOf, recent } from "./many";

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

it("shows what is running, and what ended within a day", () => {
  const job = (Id: string, EndedOnUtc: string | null) => ({ Id, EndedOnUtc }) as TransactionJob;
  const jobs = [job("runs", null), job("today", "2026-01-31T09:00:00Z"), job("before", "2026-01-30T11:59:59Z")];
  expect(recent(jobs, Date.parse("2026-01-31T12:00:00Z")).map((j) => j.Id)).toEqual(["runs", "today"]);
});
