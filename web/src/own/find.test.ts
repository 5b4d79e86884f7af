import { expect, it } from "vitest";
import { named } from "./find";
import { placesOf } from "./places";

it("finds by all words of a name, a few at most", () => {
  const all = ["Billing CRM", "Shop", "CRM of billing", ...Array(9).fill("Copy")].map((Name) => ({ Name }));
  expect(named(all, "crm BILL").map((c) => c.Name)).toEqual(["Billing CRM", "CRM of billing"]);
  expect(named(all, "copy")).toHaveLength(5);
  expect(named(all, "nothing")).toEqual([]);
});

it("knows the profile of people, and of no program's user", () => {
  const paths = (apiUser: boolean) => placesOf("a/b", apiUser).flatMap((g) => g.pages.map((p) => p.to));
  expect(paths(false)).toContain("/accounts/a%2Fb/profile");
  expect(paths(true)).not.toContain("/accounts/a%2Fb/profile");
});
