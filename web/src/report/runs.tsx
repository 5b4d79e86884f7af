import { Link } from "@tanstack/react-router";
import { client, paged, within } from "../api/client";
import { listed } from "../api/list";
import type { CycleRuns, Incident, RunDay, Transaction } from "../api/schema";
import { Count } from "../ui/Count";
import { duration, short, shortId } from "../ui/format";
import { Status } from "../ui/Status";
import { Duration, Time } from "../ui/Time";
import { happened, period } from "./address";
import type { Report } from "./report";
import { allDays, byDay } from "./usage";

export const runsReport: Report<RunDay> = {
  name: "runs",
  filters: ["account", "period"],
  path: (f) => (f.account ? "/v1.0/account/runs/days" : "/v1.0/runs/days"),
  query: period,
  load: (f, signal) => {
    const query = { ...listed({ sort: f.sort, down: f.down }, allDays), ...period(f) };
    const asked = f.account
      ? client.GET("/v1.0/account/runs/days", { params: { header: within(f.account), query }, signal })
      : client.GET("/v1.0/runs/days", { params: { query }, signal });
    return paged(asked);
  },
  rowKey: (r) => r.Day,
  columns: (t) => [
    { key: "day", label: t("report.day"), sort: "Day", cell: (r) => <span className="number">{r.Day}</span> },
    { key: "runs", label: t("report.runs"), right: true, sort: "Runs", cell: (r) => <Count n={r.Runs} /> },
    {
      key: "errors",
      label: t("report.failed"),
      right: true,
      sort: "Errors",
      cell: (r) => <Count n={r.Errors} tone="bad" />,
    },
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
  path: (f) => (f.account ? "/v1.0/account/runs/cycles" : "/v1.0/runs/cycles"),
  query: period,
  load: (f, signal) => {
    const query = { ...listed(f), query: undefined, ...period(f) };
    const asked = f.account
      ? client.GET("/v1.0/account/runs/cycles", { params: { header: within(f.account), query }, signal })
      : client.GET("/v1.0/runs/cycles", { params: { query }, signal });
    return paged(asked, f.page);
  },
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
    { key: "runs", label: t("report.runs"), right: true, sort: "Runs", cell: (r) => <Count n={r.Runs} /> },
    {
      key: "errors",
      label: t("report.failed"),
      right: true,
      sort: "Errors",
      cell: (r) => <Count n={r.Errors} tone="bad" />,
    },
    { key: "stopped", label: t("report.stopped"), wide: true, cell: (r) => r.StopReason },
  ],
};

export const transactionsReport: Report<Transaction> = {
  name: "transactions",
  filters: ["account", "period", "status"],
  single: true,
  path: () => "/v1.0/cycles/transactions",
  query: (f) => ({ ...happened(f), status: f.status }),
  load: (f, signal) => {
    const query = { ...listed(f), query: undefined, ...happened(f), status: f.status };
    const params = { header: within(f.account ?? ""), query };
    return paged(client.GET("/v1.0/cycles/transactions", { params, signal }), f.page);
  },
  rowKey: (r) => r.Id,
  columns: (t, _, account = "") => [
    {
      key: "id",
      label: t("report.transaction"),
      cell: (r) => (
        <Link
          to="/accounts/$account/cycles/$cycle/transactions/$transaction"
          params={{ account, cycle: r.CycleId, transaction: r.Id }}
          className="row-link"
          title={r.Id}
        >
          {shortId(r.Id)}
        </Link>
      ),
    },
    { key: "status", label: t("report.status"), cell: (r) => <Status of={r.Status} plain /> },
    { key: "when", label: t("report.when"), sort: "CreatedOnUtc", cell: (r) => <Time at={r.CreatedOnUtc} /> },
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

export const incidentsReport: Report<Incident> = {
  name: "incidents",
  filters: ["account", "period", "level"],
  single: true,
  path: (f) => (f.level === "Warning" ? "/v1.0/cycles/incidents/warning" : "/v1.0/cycles/incidents/error"),
  query: (f) => happened(f),
  load: (f, signal) => {
    const params = { header: within(f.account ?? ""), query: { ...listed(f), query: undefined, ...happened(f) } };
    const asked =
      f.level === "Warning"
        ? client.GET("/v1.0/cycles/incidents/warning", { params, signal })
        : client.GET("/v1.0/cycles/incidents/error", { params, signal });
    return paged(asked, f.page);
  },
  rowKey: (r) => r.Id,
  columns: (t, _, account = "") => [
    {
      key: "message",
      label: t("report.message"),
      cell: (r) => (
        <Link
          to="/accounts/$account/cycles/$cycle/transactions/$transaction"
          params={{ account, cycle: r.CycleId, transaction: r.TransactionId }}
          className="row-link"
          title={r.FullMessage}
        >
          {r.ShortMessage}
        </Link>
      ),
    },
    { key: "step", label: t("report.step"), wide: true, cell: (r) => r.StepName },
    { key: "cycle", label: t("report.cycle"), cell: (r) => r.CycleName },
    { key: "when", label: t("report.when"), sort: "CreatedOnUtc", cell: (r) => <Time at={r.CreatedOnUtc} /> },
  ],
};
