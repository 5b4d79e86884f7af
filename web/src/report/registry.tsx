import type { ReactNode } from "react";
import type { Area } from "../session/may";
import { apiReport, noticesReport, webhooksReport } from "./logs";
import type { ReportName } from "./names";
import { ReportView } from "./ReportView";
import type { Report } from "./report";
import { failuresReport, incidentsReport, runsReport, transactionsReport } from "./runs";
import { accountsReport, cyclesReport, daysReport, methodsReport, periodsReport } from "./usage";

/** A report, whatever its rows are. */
interface Shown {
  area?: Area;
  vendor?: boolean;
  docs: string;
  /** There is one for an account, too. */
  own: boolean;
  view(account?: string): ReactNode;
}

const shown = <T,>(report: Report<T>): Shown => ({
  area: report.area,
  vendor: report.vendor,
  docs: report.docs ?? "usage#reports-on-screen",
  own: report.filters.includes("account"),
  view: (account) => <ReportView key={report.name} report={report} account={account} />,
});

export const registry: Record<ReportName, Shown> = {
  accounts: shown(accountsReport),
  days: shown(daysReport),
  periods: shown(periodsReport),
  cycles: shown(cyclesReport),
  methods: shown(methodsReport),
  runs: shown(runsReport),
  failures: shown(failuresReport),
  transactions: shown(transactionsReport),
  incidents: shown(incidentsReport),
  webhooks: shown(webhooksReport),
  api: shown(apiReport),
  notices: shown(noticesReport),
};
