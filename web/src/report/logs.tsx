import { client, paged } from "../api/client";
import { listed } from "../api/list";
import type { AuditEntry, Notice } from "../api/schema";
import { Status } from "../ui/Status";
import { Time } from "../ui/Time";
import { happened, type ReportFilter } from "./address";
import type { Report } from "./report";

const notices = (f: ReportFilter) => ({ ...happened(f), account: f.account, kind: f.kind, state: f.state });

export const webhooksReport: Report<Notice> = {
  name: "webhooks",
  filters: ["account", "period", "kind", "state"],
  vendor: true,
  path: () => "/v1.0/notices",
  query: notices,
  load: (f, signal) => {
    const params = { query: { ...listed(f), query: undefined, ...notices(f) } };
    return paged(client.GET("/v1.0/notices", { params, signal }), f.page);
  },
  rowKey: (r) => r.Id,
  columns: (t, _, account) => [
    {
      key: "message",
      label: t("report.message"),
      cell: (r) => <span title={r.Reason}>{r.Message}</span>,
    },
    ...(account ? [] : [{ key: "account", label: t("report.account"), wide: true, cell: (r: Notice) => r.AccountId }]),
    {
      key: "state",
      label: t("report.state"),
      cell: (r) => <Status of={looks[r.State] ?? r.State} plain />,
    },
    { key: "answer", label: t("report.answer"), right: true, wide: true, cell: (r) => r.Status || "" },
    {
      key: "tries",
      label: t("report.tries"),
      right: true,
      wide: true,
      cell: (r) => <span className="number">{r.Attempts}</span>,
    },
    { key: "when", label: t("report.when"), sort: "CreatedOnUtc", cell: (r) => <Time at={r.CreatedOnUtc} /> },
  ],
};

/** How the states of notices look. */
const looks: Record<string, string> = { Queued: "Queued", Delivered: "Completed", GivenUp: "Failed" };

const acts = (f: ReportFilter) => ({
  ...happened(f),
  account: f.account,
  actor: f.actor,
  action: f.action,
  text: f.query,
});

export const auditReport: Report<AuditEntry> = {
  name: "audit",
  filters: ["search", "account", "period", "actor", "action"],
  area: "Security",
  vendor: true,
  path: () => "/v1.0/audit",
  query: acts,
  load: (f, signal) => {
    const params = { query: { ...listed(f), query: undefined, ...acts(f) } };
    return paged(client.GET("/v1.0/audit", { params, signal }), f.page);
  },
  rowKey: (r) => r.Id,
  columns: (t, _, account) => [
    { key: "when", label: t("report.when"), sort: "CreatedOnUtc", cell: (r) => <Time at={r.CreatedOnUtc} /> },
    { key: "actor", label: t("report.actor"), cell: (r) => r.Actor },
    { key: "action", label: t("report.action"), cell: (r) => r.Action },
    ...(account
      ? []
      : [{ key: "account", label: t("report.account"), wide: true, cell: (r: AuditEntry) => r.Account }]),
    { key: "object", label: t("report.object"), wide: true, cell: (r) => <code>{r.Object}</code> },
    { key: "outcome", label: t("report.outcome"), cell: (r) => <span title={r.Reason}>{r.Outcome}</span> },
  ],
};
