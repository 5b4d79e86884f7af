import { describe, expect, it } from "vitest";
import { actionWords, auditFilters, auditQueryOf, sentOf, sheetOf } from "./audit";

describe("the filters of the audit log", () => {
  it("keeps what is valid of an address", () => {
    const found = auditFilters({ query: "sea", actor: "sam", from: "2026-02-01", to: "soon", page: 2, other: 1 });
    expect(found).toMatchObject({ query: "sea", actor: "sam", from: "2026-02-01", to: undefined, page: 2 });
  });
  it("takes both days for within", () => {
    const { after, before } = auditQueryOf({ from: "2026-02-28", to: "2026-02-28" });
    expect([after, before]).toEqual(["2026-02-28T00:00:00Z", "2026-03-01T00:00:00.000Z"]);
  });
  it("has the sheet hold what is found, whatever the page", () => {
    expect(sheetOf({ query: "a b", account: "books", page: 3 })).toBe("/v1.0/audit?format=csv&text=a+b&account=books");
  });
});

it("shows what was sent as a document, if it is whole", () => {
  expect(sentOf('{"a":1}')).toEqual({ a: 1 });
  expect(sentOf('{"a":…')).toBe('{"a":…');
});

it("says an operation in words", () => {
  expect(actionWords("updateAccount")).toBe("Update account");
  expect(actionWords("signIn")).toBe("Sign in");
});
