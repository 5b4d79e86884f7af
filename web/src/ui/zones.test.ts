import { expect, it } from "vitest";
import { zones } from "./zones";

it("has UTC first, then what is given, each once", () => {
  const all = zones("Asia/Calcutta", null, "UTC");
  expect(all.slice(0, 2)).toEqual(["UTC", "Asia/Calcutta"]);
  expect(all).toContain("Europe/London");
  expect(new Set(all).size).toBe(all.length);
});
