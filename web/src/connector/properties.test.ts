import { expect, it } from "vitest";
import { arranged, changedOf, valuesOf } from "./properties";

const all = [
  { Id: 1, Name: "Base.Url", Value: "https://a" },
  { Id: 2, Name: "Secret", Value: "***" },
];

it("sends what was changed, and no secret that was only read", () => {
  const form = valuesOf(all);
  expect(changedOf(all, form)).toEqual([]);
  expect(changedOf(all, { ...form, p1: "" })).toEqual([{ Name: "Base.Url", Value: "" }]);
  expect(changedOf(all, { ...form, p2: "new" })).toEqual([{ Name: "Secret", Value: "new" }]);
});

it("has the client last, its id before its secret", () => {
  const names = ["ClientSecret", "ClientId", "Zone", "Area"].map((Name) => ({ Name }));
  expect(arranged(names).map((p) => p.Name)).toEqual(["Zone", "Area", "ClientId", "ClientSecret"]);
});
