import { expect, it } from "vitest";
import { anySet, changeOf, formOf } from "./settings";

const settings = {
  ClientId: "c",
  ClientSecret: "***",
  CallbackUrl: "https://x.test",
  Native: false,
  Properties: [{ Id: 4, Name: "Region", Value: "eu" }],
};

it("sends a client only of what has one, and properties that were changed", () => {
  const form = { ...formOf(settings), Native: true };
  expect(changeOf(settings, form, false)).toEqual({ Native: true, Properties: [] });
  expect(changeOf(settings, { ...form, p4: "us" }, true)).toEqual({
    ClientId: "c",
    ClientSecret: "***",
    Native: true,
    Properties: [{ Name: "Region", Value: "us" }],
  });
});

it("has something to forget once anything is set", () => {
  const none = { ...settings, ClientId: "", ClientSecret: "", Properties: [{ Id: 4, Name: "Region", Value: "" }] };
  expect(anySet(none)).toBe(false);
  expect(anySet({ ...none, Native: true })).toBe(true);
  expect(anySet(settings)).toBe(true);
});
