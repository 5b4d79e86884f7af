import { expect, it } from "vitest";
import { startsByWebhook } from "./StartDialog";

it("knows a webhook by the step's name or number", () => {
  const step = (ActionType: string | number) => ({ Id: "s", Name: "s", ActionType });
  expect(startsByWebhook([step("Webhook"), step("Action")])).toBe(true);
  expect(startsByWebhook([step(2)])).toBe(true);
  expect(startsByWebhook([step("2")])).toBe(true);
  expect(startsByWebhook([step("Action"), step(3)])).toBe(false);
});
