import { expect, it } from "vitest";
import { withoutAccount } from "./address";

const { input, output } = withoutAccount("a/b c");
const path = (rewrite: typeof input, from: string) => {
  const now = rewrite?.({ url: new URL(from, "http://x.test") });
  return now instanceof URL ? now.pathname + now.search : now;
};

it.each([
  ["/", "/accounts/a%2Fb%20c"],
  ["/cycles?page=2", "/accounts/a%2Fb%20c/cycles?page=2"],
  ["/accounts/other/cycles", "/accounts/a%2Fb%20c/accounts/other/cycles"],
])("reads %s as %s", (from, to) => {
  expect(path(input, from)).toBe(to);
});

it.each([
  ["/accounts", "/"],
  ["/accounts/a%2Fb%20c", "/"],
  ["/accounts/a%2Fb%20c/cycles/1?step=2", "/cycles/1?step=2"],
])("writes %s as %s", (from, to) => {
  expect(path(output, from)).toBe(to);
});
