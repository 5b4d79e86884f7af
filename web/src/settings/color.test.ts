import { describe, expect, it } from "vitest";
import { contrast, isColor, readable } from "./color";

it.each([
  ["#000000", 21],
  ["#ffffff", 1],
  ["#0b5cad", 6.6],
  ["#ffcc00", 1.5],
])("contrast(%s) = %d", (color, want) => {
  expect(contrast(color)).toBeCloseTo(want, 0);
});

describe("what the server takes", () => {
  it("is as dark as text needs it", () => {
    expect(contrast("#757575")).toBeGreaterThan(readable);
    expect(contrast("#777777")).toBeLessThan(readable);
  });
  it.each(["#fff", "blue", "", "#12345g"])("is not %j", (text) => expect(isColor(text)).toBe(false));
  it("is #rrggbb", () => expect(isColor(" #0B5CAD ")).toBe(true));
});
