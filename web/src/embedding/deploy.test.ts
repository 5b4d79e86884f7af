import { expect, it } from "vitest";
import { body, curl, type Deploy, script } from "./deploy";

const launch: Deploy = { screen: "launch", account: "page turner", tags: [], wizard: false };

it("sends only what differs from the default", () => {
  expect(body(launch)).toEqual({});
  expect(body({ ...launch, tags: ["crm"], wizard: true })).toEqual({ Tags: ["crm"], Wizard: true });
  expect(body({ ...launch, screen: "marketplace", marketplace: 3, tags: ["crm"] })).toEqual({ MarketplaceId: 3 });
  expect(body({ ...launch, screen: "orbit", wizard: true })).toEqual({});
});

it("quotes what a shell would read otherwise", () => {
  const text = curl("https://api.example", { ...launch, tags: ["it's"] });
  expect(text).toContain("'https://api.example/v1.0/accounts/page%20turner/launch'");
  expect(text).toContain(`-d '{"Tags":["it'\\''s"]}'`);
});

it("is a script that can be read", () => {
  const text = script("https://api.example", { ...launch, screen: "orbit", account: 'a"b' });
  expect(text).toContain(".OrbitUrl");
  expect(text).toContain('screenFor("a\\"b")');
  expect(() => new Function(`return async () => {${text}}`)).not.toThrow();
});
