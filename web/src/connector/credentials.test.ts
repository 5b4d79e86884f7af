import { expect, it } from "vitest";
import type { Authentication } from "../api/schema";
import { asked, authValue, missing } from "./credentials";

const words = { key: "Key", user: "User name", password: "Password" };
const way = (AuthType: string, more: Partial<Authentication> = {}) =>
  ({ AuthType, Asks: [], SignsIn: false, ...more }) as Authentication;
const secret = { Name: "PrivateKey", Sensitive: true };
const scope = { Name: "Scope", Optional: true };

it.each([
  [way("None"), {}, ""],
  [way("ApiKey"), { Key: " k " }, " k "],
  [way("Basic"), { Username: "ann", Password: "ü:1" }, "YW5uOsO8OjE="],
  [way("OAuth2", { OAuth2Type: "ClientCredentials" }), {}, "{}"],
  [way("JwtBearer", { Asks: [secret, scope] }), { PrivateKey: "pem", Scope: "", Other: "x" }, '{"PrivateKey":"pem"}'],
])("%o with %o is %s", (of, entered, want) => {
  expect(authValue(of, entered)).toBe(want);
});

it("asks for what the way takes, and sees what is missing", () => {
  expect(asked(way("ApiKey", { Name: "Token" }), words)).toEqual([
    { Name: "Key", DisplayName: "Token", Sensitive: true },
  ]);
  const basic = asked(way("Basic"), words);
  expect(missing(basic, { Password: "p" })?.Name).toBe("Username");
  expect(missing(basic, { Username: "u" })).toBeUndefined();
  expect(asked(way("JwtBearer", { Asks: [secret] }), words)).toEqual([secret]);
});
