import { expect, it } from "vitest";
import { sectionOf } from "./sections";

it("knows the section that a path is in", () => {
  expect(sectionOf("/accounts/a%2Fb/errors")?.name).toBe("errors");
  expect(sectionOf("/accounts/a/cycles/1/settings")?.name).toBe("cycles");
  expect(sectionOf("/accounts/a/profile")).toBeUndefined();
});
