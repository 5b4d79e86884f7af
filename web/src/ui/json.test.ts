import { describe, expect, it } from "vitest";
import { pretty, tokens } from "./json";

const kinds = (text: string) =>
  tokens(text)
    .filter((t) => t.kind !== "plain")
    .map((t) => `${t.kind} ${t.text}`);

describe("tokens", () => {
  it("tells keys from strings, numbers and words", () => {
    expect(kinds('{"a": "b", "n": -1.5e3, "ok": true, "z": null}')).toEqual([
      'key "a"',
      'string "b"',
      'key "n"',
      "number -1.5e3",
      'key "ok"',
      "word true",
      'key "z"',
      "word null",
    ]);
  });
  it("is not misled by quotes and words within strings", () => {
    expect(kinds('["say \\"true: 1\\"", "x"]')).toEqual(['string "say \\"true: 1\\""', 'string "x"']);
  });
  it.each(['{"a":[1,{"b":"\\\\"}]}', '{"cut off": "in the mid', "", "not json at all: 5"])(
    "loses nothing of %s",
    (text) => {
      expect(
        tokens(text)
          .map((t) => t.text)
          .join(""),
      ).toBe(text);
    },
  );
});

it("shows text as it was and JSON indented", () => {
  expect(pretty("<a/>")).toBe("<a/>");
  expect(pretty({ a: 1 })).toBe('{\n  "a": 1\n}');
});
