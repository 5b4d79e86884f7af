import type { Account, AccountChange } from "../api/schema";

/** The settings of an account as a form has them: a text that is not set is empty. */
export type Settings = ReturnType<typeof settingsOf>;

/** A moment as an input of date and time has it, in UTC. */
const minute = (at: string | null) => at?.slice(0, 16) ?? "";

export function settingsOf(a: Account) {
  return {
    Name: a.Name,
    Description: a.Description ?? "",
    Timezone: a.Timezone,
    NextBillDateUtc: minute(a.NextBillDateUtc),
    AuditInfo: a.AuditInfo ?? "",
    TaskAuditInfo: a.TaskAuditInfo ?? "",
    StepLimit: a.StepLimit,
    ConcurrentTransactionLimit: a.ConcurrentTransactionLimit,
    StepDataSuccessRetentionHours: a.StepDataSuccessRetentionHours,
    StepDataErroredRetentionHours: a.StepDataErroredRetentionHours,
    TransactionErrorWebhookEnabled: a.TransactionErrorWebhookEnabled,
    TransactionErrorWebhookUrl: a.TransactionErrorWebhookUrl ?? "",
    TransactionErrorWebhookIncludeWarnings: a.TransactionErrorWebhookIncludeWarnings,
  };
}

/** What the API is sent. The billing date is left as it is, to the second, if nobody changed it. */
export function changeOf(s: Settings, before: Account): AccountChange {
  const { NextBillDateUtc: bill, ...rest } = s;
  return {
    ...rest,
    Description: s.Description || null,
    AuditInfo: s.AuditInfo || null,
    TaskAuditInfo: s.TaskAuditInfo || null,
    TransactionErrorWebhookUrl: s.TransactionErrorWebhookUrl || null,
    ...(bill !== minute(before.NextBillDateUtc) && { NextBillDateUtc: bill ? `${bill}:00Z` : null }),
  };
}
