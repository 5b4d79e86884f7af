import { expect, test } from "vitest";
import { accountReportFilter, happened, nextDay, reportFilter, sheetAddress } from "./address";

const given = (f: object) => Object.fromEntries(Object.entries(f).filter(([, v]) => v !== undefined));

test("only what is valid comes through", () => {
  const f = reportFilter({
    from: "2026-02-30",
    to: "2026-02-28",
    status: "Lost",
    kind: "Error",
    page: 3,
    answer: "4xx",
    method: "BREW",
  });
  expect(given(f)).toEqual({ to: "2026-02-28", kind: "Error", page: 3, answer: "4xx" });
});

test("an account's own reports are of no other", () => {
  expect(given(accountReportFilter({ account: "other", report: "days" }))).toEqual({ report: "days" });
  expect(given(accountReportFilter({ report: "salaries" }))).toEqual({});
});

test("the last day is whole", () => {
  expect(nextDay("2026-12-31")).toBe("2027-01-01");
  expect(happened({ from: "2026-01-01", to: "2026-01-01" })).toEqual({ after: "2026-01-01", before: "2026-01-02" });
});

test("CSV has the same filter", () => {
  expect(sheetAddress("/v1.0/usage", { query: "a&b", start: undefined })).toBe("/v1.0/usage?query=a%26b&format=csv");
});
