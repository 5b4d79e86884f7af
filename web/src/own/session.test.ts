import { expect, it } from "vitest";
import { type Area, may } from "../session/may";
import { numberOf, sessionOf, type Told } from "./session";

const told: Told = {
  Session: 7,
  Username: "amy@x.test",
  Name: "Amy",
  ApiUser: false,
  Administrator: false,
  Account: { Id: "books", Name: "Books" },
  Accounts: [],
  Form: "f",
  Look: { ProductName: "Connect", AccentColor: "", Logo: "" },
};

it("lets an account's people work in it, and administrators see to its people", () => {
  const amy = sessionOf(told);
  expect(may(amy, "Accounts", "Manage")).toBe(true);
  expect(may(amy, "Users")).toBe(false);
  expect(may(sessionOf({ ...told, Administrator: true }), "Users", "Manage")).toBe(true);
});

it("lets nobody of an account into what is the partner's", () => {
  const admin = sessionOf({ ...told, Administrator: true });
  const partners: Area[] = ["Templates", "CustomConnectors", "Marketplaces", "Settings", "Security"];
  expect(partners.filter((area) => may(admin, area))).toEqual([]);
});

it.each([
  ["/account/7", "7"],
  ["/account/7/cycles/1", "7"],
  ["/account/signin", ""],
  ["/console/7", ""],
])("finds the session of %s", (path, number) => {
  expect(numberOf(path)).toBe(number);
});
