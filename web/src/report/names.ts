/** The reports there are, as addresses call them. */
export const reportNames = [
  "accounts",
  "days",
  "periods",
  "cycles",
  "methods",
  "runs",
  "failures",
  "transactions",
  "incidents",
  "webhooks",
  "api",
  "notices",
] as const;

export type ReportName = (typeof reportNames)[number];
