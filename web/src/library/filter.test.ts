import { expect, it } from "vitest";
import type { Method } from "../api/schema";
import { categoriesOf, grouped, libraryFilter, matches } from "./filter";

const crm = { Name: "Bookshelf CRM", Description: "Contacts of a small CRM.", Categories: ["CRM", "Contacts"] };
const post = { Name: "Postbag", Description: "Mailing lists.", Categories: ["Mail", "Contacts"] };

it("takes a category from the address, and nothing that is none", () => {
  expect(libraryFilter({ category: "CRM", query: 7 })).toMatchObject({ category: "CRM", query: "7" });
  expect(libraryFilter({ category: ["x"] }).category).toBeUndefined();
});

it.each([
  ["", undefined, true],
  [" small crm", undefined, true],
  ["mail", undefined, false],
  ["", "CRM", true],
  ["", "Mail", false],
])("matches(%j, %j)", (query, category, want) => {
  expect(matches(crm, query, category)).toBe(want);
});

it("lists categories once", () => {
  expect(categoriesOf([post, crm])).toEqual(["Contacts", "CRM", "Mail"]);
});

it("groups methods by category, with what they are searched for", () => {
  const method = (Name: string, Category: string, Subcategory?: string) =>
    ({ Name, Category, Subcategory, Description: "" }) as Method;
  const all = [method("List", "Lists"), method("Add", "Contacts"), method("Get", "Contacts", "Old")];
  expect(grouped(all, "").map(([c, m]) => [c, m.length])).toEqual([
    ["Contacts", 1],
    ["Contacts · Old", 1],
    ["Lists", 1],
  ]);
  expect(grouped(all, "LIST").map(([c]) => c)).toEqual(["Lists"]);
});
