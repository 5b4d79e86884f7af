import { expect, it } from "vitest";
import type { Session } from "./door";
import { may } from "./may";

const session = (Permissions: Record<string, string>): Session => ({
  Id: 1,
  Email: "sam@acme.example",
  Name: "Sam",
  Partner: "Acme",
  TwoFactor: false,
  Permissions,
});

it("compares levels within an area", () => {
  const editor = session({ Templates: "Edit" });
  expect(may(editor, "Templates")).toBe(true);
  expect(may(editor, "Templates", "Edit")).toBe(true);
  expect(may(editor, "Templates", "Manage")).toBe(false);
  expect(may(editor, "Accounts")).toBe(false);
});

it("lets everybody read reports, and do nothing with them", () => {
  expect(may(session({}), "Reports")).toBe(true);
  expect(may(session({}), "Reports", "Edit")).toBe(false);
});
