import { describe, expect, it } from "vitest";
import { bytes, duration, exact, parseDate, relative, schedule, short, shortId } from "./format";

describe("parseDate", () => {
  it("takes a time without a zone for UTC, as the server means it", () => {
    expect(parseDate("2026-11-21T10:00:00")?.toISOString()).toBe("2026-11-21T10:00:00.000Z");
    expect(parseDate("2026-11-21T10:00:00+02:00")?.toISOString()).toBe("2026-11-21T08:00:00.000Z");
  });
  it.each([null, undefined, "", "0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "soon"])("gives null for %s", (text) => {
    expect(parseDate(text)).toBeNull();
  });
});

describe("relative", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  it.each([
    ["2026-11-21T11:59:58Z", ""],
    ["2026-11-21T11:59:20Z", "40s ago"],
    ["2026-11-21T11:00:01Z", "59m ago"],
    ["2026-11-20T12:00:00Z", "1d ago"],
    ["2026-11-21T12:05:00Z", "in 5m"],
    ["2024-01-01T00:00:00Z", "2y ago"],
  ])("%s is %s", (text, want) => {
    expect(relative(new Date(text), now, "en")).toBe(want);
  });
});

describe("exact", () => {
  const date = new Date("2026-07-01T12:00:00Z");
  it("is in the account's zone", () => {
    expect(exact(date, "Europe/London", "en")).toContain("1:00:00 PM");
  });
  it("falls back to UTC for a zone that the browser does not know", () => {
    expect(exact(date, "Mars/Olympus", "en")).toContain("12:00:00 PM UTC");
  });
});

it.each([
  [0, "0 ms"],
  [-5, "0 ms"],
  [999, "999 ms"],
  [1000, "1.0 s"],
  [59_999, "59.9 s"],
  [60_000, "1 min"],
  [185_000, "3 min 5 s"],
  [7_800_000, "2 h 10 min"],
  [356_400_000, "4 d 3 h"],
])("duration(%i) = %s", (ms, want) => {
  expect(duration(ms)).toBe(want);
});

it.each([
  [0, "0"],
  [9999, "9,999"],
  [10_000, "10K"],
  [12_345, "12.3K"],
  [1_250_311, "1.25M"],
])("short(%i) = %s", (n, want) => {
  expect(short(n, "en")).toBe(want);
});

it.each([
  ["page-turner", "page-turner"],
  ["3f2b8c10-9d4e-4a61-8f00-1c2d3e4f5a6b", "3f2b8c10…5a6b"],
  ["01990048-7a31-8c44-8d74-616e64656d01", "01990048-7a31-8c44-8d"],
  ["01990048-7a31-8000-8d74-616e64656d01", "01990048-7a31…8d"],
])("shortId(%s) = %s", (id, want) => {
  expect(shortId(id)).toBe(want);
});

it.each([
  [0, null],
  [null, null],
  [5, { unit: "minute", count: 5 }],
  [60, { unit: "hour", count: 1 }],
  [720, { unit: "hour", count: 12 }],
  [1440, { unit: "day", count: 1 }],
  [10_080, { unit: "week", count: 1 }],
])("schedule(%s)", (minutes, want) => {
  expect(schedule(minutes)).toEqual(want);
});

it.each([
  [912, "912 B"],
  [20_400, "20 kB"],
  [1_440_000, "1.4 MB"],
])("bytes(%i) = %s", (n, want) => {
  expect(bytes(n)).toBe(want);
});
