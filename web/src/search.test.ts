import { describe, expect, it } from "vitest";
import { pageFilter, signInSearch, stepChoice, textFilter, transactionFilters } from "./search";
import { destination } from "./session/destination";

describe("filters of the address", () => {
  it("take what is valid", () => {
    expect(transactionFilters({ cycle: "c", status: "Failed", page: 3 })).toEqual({
      cycle: "c",
      status: "Failed",
      page: 3,
    });
    expect(stepChoice({ step: 2 })).toEqual({ step: 2 });
    expect(textFilter({ query: 42 })).toEqual({ query: "42" });
  });
  it("drop what is not", () => {
    const nothing = { cycle: undefined, status: undefined, page: undefined };
    expect(transactionFilters({ status: "<script>", page: "-1", cycle: {} })).toEqual(nothing);
    expect(pageFilter({ page: 1 })).toEqual({ page: undefined });
    expect(pageFilter({ page: 1.5 })).toEqual({ page: undefined });
    expect(stepChoice({ step: "x" })).toEqual({ step: undefined });
    expect(signInSearch({ ended: "yes" })).toEqual({ to: undefined, ended: undefined });
  });
});

describe("destination", () => {
  it("is a page of the console, wherever the address says to go", () => {
    expect(destination("/accounts/a/cycles?status=Paused")).toBe("/accounts/a/cycles?status=Paused");
    for (const to of [
      undefined,
      "",
      "//evil.test",
      "/\\evil.test",
      "https://evil.test",
      "javascript:alert(1)",
      "/sign-in?to=/",
    ]) {
      expect(destination(to)).toBe("/accounts");
    }
  });
});
