import { describe, expect, it } from "vitest";
import type { Account } from "../api/schema";
import { treeRows } from "./tree";

const account = (Id: string, ParentAccountId: string | null = null) =>
  ({ Id, Name: Id.toUpperCase(), ParentAccountId }) as Account;

const shape = (accounts: Account[], ...folded: string[]) =>
  treeRows(accounts, new Set(folded)).map((r) => "  ".repeat(r.depth) + r.account.Id + (r.children || ""));

describe("treeRows", () => {
  const all = [
    account("b10"),
    account("a"),
    account("b9"),
    account("a2", "a"),
    account("a1", "a"),
    account("a1x", "a1"),
  ];

  it("puts children below their parent, each level by name, numbers as people count", () => {
    expect(shape(all)).toEqual(["a2", "  a11", "    a1x", "  a2", "b9", "b10"]);
  });
  it("keeps the order that they are listed in, where it is another", () => {
    expect(treeRows(all, new Set(), true).map((r) => r.account.Id)).toEqual(["b10", "a", "a2", "a1", "a1x", "b9"]);
  });
  it("leaves out everything below a folded account, and only that", () => {
    expect(shape(all, "a")).toEqual(["a2", "b9", "b10"]);
    expect(shape(all, "a1")).toEqual(["a2", "  a11", "  a2", "b9", "b10"]);
  });
  it("shows an account at the top whose parent is not listed", () => {
    expect(shape([account("x", "gone")])).toEqual(["x"]);
  });
  it("shows each account once, even in a ring or listed twice", () => {
    expect(
      shape([account("p", "q"), account("q", "p"), account("s", "s"), account("s", "s")])
        .map((s) => s.trim()[0])
        .sort(),
    ).toEqual(["p", "q", "s"]);
  });
  it("names the parent", () => {
    expect(treeRows(all, new Set()).find((r) => r.account.Id === "a1")?.parent).toBe("A");
  });
});
