import { expect, it } from "vitest";
import type { User } from "../api/schema";
import { called, isAdministrator, newUser } from "./person";

const user = {
  Username: "ann@x.example",
  FirstName: "",
  LastName: "",
  Accounts: [{ AccountId: "Books", AccountName: "Books", Administrator: true, Enabled: true }],
} as unknown as User;

it("calls people by what there is of their name", () => {
  expect(called(user)).toBe("ann@x.example");
  expect(called({ ...user, LastName: "Lee" })).toBe("Lee");
  expect(called({ ...user, FirstName: "Ann", LastName: "Lee" })).toBe("Ann Lee");
});

it("finds the level in an account", () => {
  expect(isAdministrator(user, "books")).toBe(true);
  expect(isAdministrator(user, "other")).toBeUndefined();
});

it("leaves out what was left empty, and takes the email for the username", () => {
  const empty = { FirstName: "", LastName: "", Username: "", Email: "a@x.example", Password: "", Accounts: [] };
  expect(newUser(empty)).toEqual({ Username: "a@x.example", Email: "a@x.example", Accounts: [] });
  expect(newUser({ ...empty, Username: "ann" }).Username).toBe("ann");
});
