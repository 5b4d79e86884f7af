import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import type { ApiCall, Notice, WebhookRequest } from "../api/schema";
import { Count } from "../ui/Count";
import { bytes, duration } from "../ui/format";
import type { ListColumn } from "../ui/List";
import { Status } from "../ui/Status";
import { happened } from "./address";
import { either } from "./load";
import type { Report } from "./report";
import classes from "./report.module.css";
import { ToTransaction, when } from "./runs";

/** Of which account a row tells, where that is not known from the page. */
const owner = <T extends { AccountId: string }>(t: TFunction, account?: string): ListColumn<T>[] =>
  account ? [] : [{ key: "account", label: t("report.account"), wide: true, cell: (r) => r.AccountId }];

/** What was answered, and how many rows like it the row stands for. */
const answer = <T extends { Status: number; Count: number }>(t: TFunction): ListColumn<T> => ({
  key: "answer",
  label: t("report.answer"),
  cell: (r) => (
    <span>
      <Status of={r.Status < 400 ? "Success" : "Error"} word={String(r.Status)} plain />
      {r.Count > 1 && <small className="faint"> {t("report.times", { count: r.Count })}</small>}
    </span>
  ),
});

const took = <T extends { Milliseconds?: number | null }>(t: TFunction): ListColumn<T> => ({
  key: "took",
  label: t("report.took"),
  right: true,
  wide: true,
  cell: (r) => <span className="number">{r.Milliseconds == null ? t("time.none") : duration(r.Milliseconds)}</span>,
});

/** What kind of actor it was, where one is told no more. */
function kindOf(r: ApiCall, t: TFunction): string {
  const kind = (["Client", "ConsoleUser", "User"] as const).find((k) => k === r.ActorType);
  return kind ? t(`report.actors.${kind}`) : "";
}

export const apiReport: Report<ApiCall> = {
  name: "api",
  cards: true,
  filters: ["account", "period", "answer", "method"],
  docs: "logs#what-is-in-the-api-log",
  path: (f) => either(f, "logs/api"),
  query: (f) => ({ ...happened(f), status: f.answer, method: f.method }),
  rowKey: (r) => r.Id,
  columns: (t, _, account) => [
    {
      key: "call",
      label: t("report.call"),
      cell: (r) => (
        <span title={r.Operation} className={classes.call}>
          {r.Method} <code>{r.Path}</code>
        </span>
      ),
    },
    answer(t),
    ...owner<ApiCall>(t, account),
    {
      key: "actor",
      label: t("report.actor"),
      wide: true,
      cell: (r) => r.Actor || r.ActorId || kindOf(r, t),
    },
    { key: "address", label: t("report.address"), wide: true, cell: (r) => <code>{r.Address}</code> },
    took(t),
    when(t),
  ],
};

export const webhooksReport: Report<WebhookRequest> = {
  name: "webhooks",
  cards: true,
  filters: ["account", "period", "cycle", "answer"],
  single: true,
  docs: "logs#what-is-in-the-webhook-log",
  path: () => "/v1.0/account/logs/webhooks",
  query: (f) => ({ ...happened(f), cycle: f.cycle, status: f.answer }),
  rowKey: (r) => r.Id,
  columns: (t, _, account = "") => [
    {
      key: "cycle",
      label: t("report.cycle"),
      cell: (r) =>
        r.CycleName ? (
          <Link to="/accounts/$account/cycles/$cycle" params={{ account, cycle: r.CycleId }} className="row-link">
            {r.CycleName}
          </Link>
        ) : (
          <span className="faint">{t("report.deletedCycle")}</span>
        ),
    },
    answer(t),
    {
      key: "became",
      label: t("report.became"),
      cell: (r) =>
        r.TransactionId ? (
          <ToTransaction account={account} of={r} id={r.TransactionId} title={r.TransactionId}>
            {t("report.transaction")}
          </ToTransaction>
        ) : (
          r.Reason
        ),
    },
    { key: "bytes", label: t("report.size"), right: true, wide: true, cell: (r) => bytes(r.Bytes) },
    took(t),
    { key: "address", label: t("report.address"), wide: true, cell: (r) => <code>{r.Address}</code> },
    when(t),
  ],
};

export const noticesReport: Report<Notice> = {
  name: "notices",
  filters: ["account", "period", "kind", "state"],
  vendor: true,
  path: () => "/v1.0/notices",
  query: (f) => ({ ...happened(f), account: f.account, kind: f.kind, state: f.state }),
  rowKey: (r) => r.Id,
  columns: (t, _, account) => [
    {
      key: "message",
      label: t("report.message"),
      cell: (r) => <span title={r.Reason}>{r.Message}</span>,
    },
    ...owner<Notice>(t, account),
    {
      key: "state",
      label: t("report.state"),
      cell: (r) => <Status of={looks[r.State] ?? r.State} plain />,
    },
    { key: "answer", label: t("report.answer"), right: true, wide: true, cell: (r) => r.Status || "" },
    { key: "tries", label: t("report.tries"), right: true, wide: true, cell: (r) => <Count n={r.Attempts} /> },
    when(t),
  ],
};

/** How the states of notices look. */
const looks: Record<string, string> = { Queued: "Queued", Delivered: "Completed", GivenUp: "Failed" };
