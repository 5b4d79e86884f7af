import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import type { CycleRuns, Incident, PlacedTransaction, RunDay, Transaction } from "../api/schema";
import { Count } from "../ui/Count";
import { duration, short, shortId } from "../ui/format";
import type { ListColumn } from "../ui/List";
import { Status } from "../ui/Status";
import { Duration, Time } from "../ui/Time";
import { happened, period, type ReportFilter } from "./address";
import { either } from "./load";
import type { Report } from "./report";
import { byDay } from "./usage";

/** How many ran, and how many of them failed. */
const outcomes = <T extends Pick<RunDay, "Runs" | "Errors">>(t: TFunction): ListColumn<T>[] => [
  { key: "runs", label: t("report.runs"), right: true, sort: "Runs", cell: (r) => <Count n={r.Runs} /> },
  {
    key: "errors",
    label: t("report.failed"),
    right: true,
    sort: "Errors",
    cell: (r) => <Count n={r.Errors} tone="bad" />,
  },
];

/** When it was. */
export const when = <T extends { CreatedOnUtc: string }>(t: TFunction): ListColumn<T> => ({
  key: "when",
  label: t("report.when"),
  sort: "CreatedOnUtc",
  cell: (r) => <Time at={r.CreatedOnUtc} />,
});

interface LinkProps {
  account: string;
  of: { CycleId: string };
  id: string;
  title?: string;
  children: ReactNode;
}

/** Leads to a transaction. */
export const ToTransaction = ({ account, of, id, title, children }: LinkProps) => (
  <Link
    to="/accounts/$account/cycles/$cycle/transactions/$transaction"
    params={{ account, cycle: of.CycleId, transaction: id }}
    className="row-link"
    title={title}
  >
    {children}
  </Link>
);

export const runsReport: Report<RunDay> = {
  name: "runs",
  filters: ["account", "period"],
  path: (f) => either(f, "runs/days"),
  query: period,
  rowKey: (r) => r.Day,
  columns: (t) => [
    { key: "day", label: t("report.day"), sort: "Day", cell: (r) => <span className="number">{r.Day}</span> },
    ...outcomes<RunDay>(t),
    {
      key: "p95",
      label: t("report.p95"),
      right: true,
      sort: "P95Milliseconds",
      cell: (r) => <span className="number">{r.Runs ? duration(r.P95Milliseconds) : t("time.none")}</span>,
    },
  ],
  draw: (all, t, locale) => {
    const rows = byDay(all);
    return {
      days: rows.map((r) => r.Day),
      series: [
        { label: t("report.runs"), values: rows.map((r) => r.Runs), colour: "accent-text", shape: "bars" },
        { label: t("report.failed"), values: rows.map((r) => r.Errors), colour: "bad", shape: "bars" },
      ],
      show: (n) => short(n, locale),
    };
  },
};

export const failuresReport: Report<CycleRuns> = {
  name: "failures",
  filters: ["account", "period"],
  path: (f) => either(f, "runs/cycles"),
  query: period,
  rowKey: (r) => `${r.AccountId} ${r.CycleId}`,
  columns: (t, _, account) => [
    {
      key: "cycle",
      label: t("report.cycle"),
      cell: (r) => (
        <Link
          to="/accounts/$account/transactions"
          params={{ account: account ?? r.AccountId }}
          search={{ cycle: r.CycleId, status: r.Errors ? "Failed" : undefined }}
          className="row-link"
        >
          {r.CycleName || t("report.deletedCycle")}
        </Link>
      ),
    },
    ...(account ? [] : [{ key: "account", label: t("report.account"), cell: (r: CycleRuns) => r.AccountName }]),
    ...outcomes<CycleRuns>(t),
    { key: "stopped", label: t("report.stopped"), wide: true, cell: (r) => r.StopReason },
  ],
};

/** Where a row is, in a list of all accounts. */
type Placed<T> = T & Partial<Pick<PlacedTransaction, "AccountId" | "AccountName">>;

/** On the page of an account it is of that alone. */
const below = (f: ReportFilter) => (f.inside ? undefined : f.account);

const place = <T,>(t: TFunction, account?: string): ListColumn<Placed<T>>[] =>
  account ? [] : [{ key: "account", label: t("report.account"), cell: (r) => r.AccountName }];

export const transactionsReport: Report<Placed<Transaction>> = {
  name: "transactions",
  cards: true,
  filters: ["account", "period", "status"],
  tree: true,
  path: (f) => (f.inside ? "/v1.0/cycles/transactions" : "/v1.0/transactions"),
  query: (f) => ({ ...happened(f), status: f.status, account: below(f) }),
  rowKey: (r) => r.Id,
  columns: (t, _, account) => [
    {
      key: "id",
      label: t("report.transaction"),
      cell: (r) => (
        <ToTransaction account={r.AccountId ?? account ?? ""} of={r} id={r.Id} title={r.Id}>
          {shortId(r.Id)}
        </ToTransaction>
      ),
    },
    ...place<Transaction>(t, account),
    { key: "status", label: t("report.status"), cell: (r) => <Status of={r.Status} plain /> },
    when(t),
    {
      key: "took",
      label: t("report.took"),
      right: true,
      wide: true,
      cell: (r) => <Duration from={r.CreatedOnUtc} to={r.FinishedOnUtc} />,
    },
    { key: "tasks", label: t("report.tasks"), right: true, cell: (r) => <Count n={r.TasksUsed} /> },
    { key: "errors", label: t("report.errors"), right: true, cell: (r) => <Count n={r.ErrorCount} tone="bad" /> },
  ],
};

export const incidentsReport: Report<Placed<Incident>> = {
  name: "incidents",
  cards: true,
  filters: ["account", "period", "level"],
  tree: true,
  path: (f) => (f.inside ? `/v1.0/cycles/incidents/${f.level === "Warning" ? "warning" : "error"}` : "/v1.0/incidents"),
  query: (f) => ({ ...happened(f), level: f.inside ? undefined : (f.level ?? "Error"), account: below(f) }),
  rowKey: (r) => r.Id,
  columns: (t, _, account) => [
    {
      key: "message",
      label: t("report.message"),
      cell: (r) => (
        <ToTransaction account={r.AccountId ?? account ?? ""} of={r} id={r.TransactionId} title={r.FullMessage}>
          {r.ShortMessage}
        </ToTransaction>
      ),
    },
    ...place<Incident>(t, account),
    { key: "step", label: t("report.step"), wide: true, cell: (r) => r.StepName },
    { key: "cycle", label: t("report.cycle"), cell: (r) => r.CycleName },
    when(t),
  ],
};
