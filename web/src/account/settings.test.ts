import { describe, expect, it } from "vitest";
import type { Account } from "../api/schema";
import { changeOf, settingsOf } from "./settings";

const account = {
  Name: "Ann",
  Description: null,
  NextBillDateUtc: "2026-12-01T08:30:15Z",
  StepLimit: null,
  ConcurrentTransactionLimit: 0,
  TransactionErrorWebhookUrl: null,
} as Account;

describe("the settings of an account", () => {
  it("are sent back as they came", () => {
    const sent = changeOf(settingsOf(account), account);
    expect(sent).toMatchObject({ Name: "Ann", Description: null, StepLimit: null, ConcurrentTransactionLimit: 0 });
    expect(sent.TransactionErrorWebhookUrl).toBeNull();
  });
  it("leave the billing date alone unless it was changed", () => {
    const form = settingsOf(account);
    expect(form.NextBillDateUtc).toBe("2026-12-01T08:30");
    expect("NextBillDateUtc" in changeOf(form, account)).toBe(false);
    expect(changeOf({ ...form, NextBillDateUtc: "" }, account).NextBillDateUtc).toBeNull();
    expect(changeOf({ ...form, NextBillDateUtc: "2026-12-02T00:00" }, account).NextBillDateUtc).toBe(
      "2026-12-02T00:00:00Z",
    );
  });
});
