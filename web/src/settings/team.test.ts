import { describe, expect, it } from "vitest";
import { fromLines, toLines } from "./lines";
import { grantOf, held, rightsOf } from "./team";

const bert = { FullAccess: false, Permissions: { Accounts: "Edit", Billing: "None" } } as const;

describe("what somebody may do", () => {
  it("names each area", () => {
    expect(rightsOf(bert)).toMatchObject({ Accounts: "Edit", Billing: "None", Security: "None" });
  });
  it("begins with nothing once Full Access is taken away", () => {
    expect(rightsOf({ FullAccess: true, Permissions: { Accounts: "Manage" } }).Accounts).toBe("None");
  });
  it("is everything, or a level for each area", () => {
    const rights = rightsOf(bert);
    expect(grantOf(true, rights)).toEqual({ FullAccess: true });
    expect(grantOf(false, rights)).toEqual({ FullAccess: false, Permissions: rights });
  });
  it("is shown without what is not there", () => {
    expect(held(bert)).toEqual([["Accounts", "Edit"]]);
  });
});

it("reads lists as people write them", () => {
  expect(fromLines(" a.example\n\nb.example, c.example ")).toEqual(["a.example", "b.example", "c.example"]);
  expect(fromLines(toLines(["a", "b"]))).toEqual(["a", "b"]);
  expect(fromLines("")).toEqual([]);
});
