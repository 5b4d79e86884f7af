import { expect, it } from "vitest";
import { stateOf } from "./state";

const now = Date.parse("2026-11-22T12:00:00Z");
const well = {
  AuthenticationState: "Authenticated",
  AuthenticationNote: null,
  ExpiresAtUtc: null,
  LimitedUntilUtc: null,
} as const;

it.each([
  ["all is well", {}, "Authenticated"],
  [
    "it has no credentials, whatever else is known",
    { AuthenticationState: "NotAuthenticated", AuthenticationNote: "No." },
    "NotAuthenticated",
  ],
  ["its credentials were refused", { AuthenticationNote: "Refused (401)." }, "Failing"],
  ["the third party wants fewer calls", { LimitedUntilUtc: "2026-11-22T12:00:01Z" }, "RateLimited"],
  ["the wait is over", { LimitedUntilUtc: "2026-11-22T12:00:00Z" }, "Authenticated"],
  ["the sign-in ends this week", { ExpiresAtUtc: "2026-11-28T12:00:00Z" }, "Expiring"],
  ["the sign-in ends some day", { ExpiresAtUtc: "2026-12-28T12:00:00Z" }, "Authenticated"],
  ["the sign-in has ended", { ExpiresAtUtc: "2026-11-22T11:59:59Z" }, "Expired"],
] as const)("when %s", (_, told, want) => {
  expect(stateOf({ ...well, ...told }, now).status).toBe(want);
});
