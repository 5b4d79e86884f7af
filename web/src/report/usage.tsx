import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import type { AccountUsage, BillingPeriod, PlacedPeriod, UsageLine } from "../api/schema";
import { Count } from "../ui/Count";
import { duration, short } from "../ui/format";
import type { ListColumn } from "../ui/List";
import { Status } from "../ui/Status";
import { period, type ReportFilter } from "./address";
import { either } from "./load";
import type { Report } from "./report";

type Tasks = Pick<UsageLine, "TasksUsed" | "SuccessfulTasks" | "IncidentTasks">;

const tasks = <T extends Tasks>(t: TFunction, sorted = true): ListColumn<T>[] => [
  {
    key: "tasks",
    label: t("report.tasks"),
    right: true,
    sort: sorted ? "TasksUsed" : undefined,
    cell: (r) => <Count n={r.TasksUsed} />,
  },
  { key: "good", label: t("report.good"), right: true, wide: true, cell: (r) => <Count n={r.SuccessfulTasks} /> },
];

const incidents = <T extends Tasks>(t: TFunction, sorted = false): ListColumn<T> => ({
  key: "bad",
  label: t("report.bad"),
  right: true,
  sort: sorted ? "IncidentTasks" : undefined,
  cell: (r) => <Count n={r.IncidentTasks} tone="bad" />,
});

const time = (t: TFunction): ListColumn<UsageLine> => ({
  key: "time",
  label: t("report.average"),
  right: true,
  wide: true,
  sort: "AverageMilliseconds",
  cell: (r) => (
    <span className="number">{r.AverageMilliseconds ? duration(r.AverageMilliseconds) : t("time.none")}</span>
  ),
});

const lines = (f: ReportFilter) => ({ ...period(f), cycle: f.cycle, connector: f.connector });

/** A chart goes by day, however the table is sorted. */
export const byDay = <T extends { Day?: string }>(rows: T[]) =>
  rows.toSorted((a, b) => (a.Day ?? "").localeCompare(b.Day ?? ""));

export const accountsReport: Report<AccountUsage> = {
  name: "accounts",
  filters: ["search", "period"],
  path: () => "/v1.0/usage",
  query: (f) => ({ ...period(f), query: f.query }),
  rowKey: (r) => r.Id,
  columns: (t) => [
    {
      key: "name",
      label: t("report.account"),
      sort: "Name",
      cell: (r) =>
        r.Deleted ? (
          <span>
            {r.Name} <small className="faint">{t("report.deleted")}</small>
          </span>
        ) : (
          <Link
            to="/accounts/$account/reports"
            params={{ account: r.Id }}
            search={{ report: "days" }}
            className="row-link"
          >
            {r.Name}
          </Link>
        ),
    },
    { key: "parent", label: t("report.parent"), wide: true, cell: (r) => r.ParentAccountId ?? "" },
    ...tasks<AccountUsage>(t),
    incidents(t),
  ],
};

export const daysReport: Report<UsageLine> = {
  name: "days",
  filters: ["account", "period", "connector"],
  path: (f) => either(f, "usage/days"),
  query: lines,
  rowKey: (r) => r.Day ?? "",
  columns: (t) => [
    { key: "day", label: t("report.day"), sort: "Name", cell: (r) => <span className="number">{r.Day}</span> },
    ...tasks<UsageLine>(t),
    incidents(t),
  ],
  draw: (all, t, locale) => {
    const rows = byDay(all);
    return {
      days: rows.map((r) => r.Day ?? ""),
      series: [
        { label: t("report.tasks"), values: rows.map((r) => r.TasksUsed), colour: "accent-text", shape: "bars" },
        { label: t("report.bad"), values: rows.map((r) => r.IncidentTasks), colour: "bad", shape: "bars" },
      ],
      show: (n) => short(n, locale),
    };
  },
};

export const cyclesReport: Report<UsageLine> = {
  name: "cycles",
  filters: ["account", "period", "connector"],
  path: (f) => either(f, "usage/cycles"),
  query: lines,
  rowKey: (r) => `${r.AccountId} ${r.CycleId}`,
  columns: (t, _, account) => [
    {
      key: "cycle",
      label: t("report.cycle"),
      sort: "Name",
      cell: (r) =>
        r.CycleName && (account ?? r.AccountId) ? (
          <Link
            to="/accounts/$account/transactions"
            params={{ account: account ?? r.AccountId ?? "" }}
            search={{ cycle: r.CycleId }}
            className="row-link"
          >
            {r.CycleName}
          </Link>
        ) : (
          <span className="faint">{t("report.deletedCycle")}</span>
        ),
    },
    ...(account
      ? []
      : [{ key: "account", label: t("report.account"), wide: true, cell: (r: UsageLine) => r.AccountId }]),
    ...tasks<UsageLine>(t),
    incidents(t, true),
    time(t),
  ],
};

export const methodsReport: Report<UsageLine> = {
  name: "methods",
  filters: ["account", "period", "connector"],
  path: (f) => either(f, "usage/methods"),
  query: lines,
  rowKey: (r) => `${r.Connector} ${r.ConnectorVersion} ${r.MethodUniqueIdentifier}`,
  columns: (t) => [
    {
      key: "connector",
      label: t("report.connector"),
      sort: "Name",
      cell: (r) => (
        <span>
          {r.Connector || t("report.unknown")}{" "}
          {r.ConnectorVersion && (
            <small className="faint">{t("release.version", { version: r.ConnectorVersion })}</small>
          )}
        </span>
      ),
    },
    { key: "method", label: t("report.method"), cell: (r) => r.MethodName || r.MethodUniqueIdentifier },
    ...tasks<UsageLine>(t),
    incidents(t, true),
    time(t),
  ],
};

/** A period of one account, or of each. */
type Period = BillingPeriod & Partial<Pick<PlacedPeriod, "AccountId" | "AccountName">>;

export const periodsReport: Report<Period> = {
  name: "periods",
  filters: ["account"],
  tree: true,
  area: "Billing",
  path: (f) => (f.inside ? "/v1.0/account/billingperiods" : "/v1.0/billingperiods"),
  query: (f) => (f.inside ? {} : { account: f.account }),
  rowKey: (r) => `${r.AccountId ?? ""} ${r.StartTime}`,
  columns: (t, locale, account) => {
    const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
    return [
      ...(account
        ? []
        : [
            {
              key: "name",
              label: t("report.account"),
              sort: "Name",
              cell: (r: Period) => (
                <Link
                  to="/accounts/$account/reports"
                  params={{ account: r.AccountId ?? "" }}
                  search={{ report: "periods" }}
                  className="row-link"
                >
                  {r.AccountName}
                </Link>
              ),
            },
          ]),
      {
        key: "start",
        label: t("report.start"),
        sort: account ? "StartTime" : undefined,
        cell: (r) => <span className="number">{day.format(new Date(r.StartTime))}</span>,
      },
      {
        key: "end",
        label: t("report.end"),
        cell: (r) => <span className="number">{day.format(new Date(r.EndTime))}</span>,
      },
      {
        key: "current",
        label: t("report.current"),
        wide: true,
        cell: (r) => (r.Current ? <Status of="Running" plain /> : ""),
      },
      ...tasks<Period>(t, false),
      incidents(t),
    ];
  },
};
