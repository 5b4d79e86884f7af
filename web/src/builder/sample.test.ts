import { expect, test } from "vitest";
import { documentOf, locationsOf, valueAt } from "./sample";

const document = {
  id: 7,
  "full name": "Ada",
  tags: ["a", "b"],
  goods: [{ price: { net: 5 } }, { name: "Ink" }],
  no: null,
};

test("the locations of an answer", () => {
  expect(locationsOf(document)).toEqual(["id", "['full name']", "[tags]", "[goods].price.net", "[goods].name", "no"]);
  expect(locationsOf([{ id: 1 }])).toEqual(["[].id"]);
  expect(locationsOf("text")).toEqual([]);
});

test.each([
  ["id", 7],
  ["['full name']", "Ada"],
  ["[tags]", "a"],
  ["[goods].price.net", 5],
  ["[goods].name", undefined],
  ["id.more", undefined],
])("the value at %s", (location, value) => expect(valueAt(document, location)).toEqual(value));

test("a body that is no document", () => {
  expect(documentOf("<p>")).toBeUndefined();
  expect(documentOf('{"a":1}')).toEqual({ a: 1 });
});
