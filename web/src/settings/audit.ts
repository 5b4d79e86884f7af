import { type ListFilter, listFilter, type Search, text } from "../search";

/** What one looks for in the audit log; query is part of any text of an entry. */
export interface AuditFilters extends ListFilter {
  actor?: string;
  action?: string;
  account?: string;
  object?: string;
  /** Days, as YYYY-MM-DD in UTC; both are within. */
  from?: string;
  to?: string;
}

const day = (v: unknown): string | undefined => {
  const found = text(v);
  return found && /^\d{4}-\d\d-\d\d$/.test(found) && !Number.isNaN(Date.parse(found)) ? found : undefined;
};

export const auditFilters = (s: Search): AuditFilters => ({
  ...listFilter(s),
  actor: text(s.actor),
  action: text(s.action),
  account: text(s.account),
  object: text(s.object),
  from: day(s.from),
  to: day(s.to),
});

const after = (d: string): string => new Date(Date.parse(d) + 86_400_000).toISOString();

/** The parameters by which the server searches. */
export const auditQueryOf = ({ query, actor, action, account, object, from, to }: AuditFilters) => ({
  text: query,
  actor,
  action,
  account,
  object,
  after: from && `${from}T00:00:00Z`,
  before: to && after(to),
});

/** Where all that is found is to be had as CSV. */
export function sheetOf(filter: AuditFilters): string {
  const given = Object.entries(auditQueryOf(filter)).filter((e): e is [string, string] => !!e[1]);
  return `/v1.0/audit?${new URLSearchParams([["format", "csv"], ...given])}`;
}

/** What was sent, as a document if it is whole. */
export function sentOf(sent: string): unknown {
  try {
    return JSON.parse(sent);
  } catch {
    return sent;
  }
}

/** An operation in words: "updateAccount" is "Update account". */
export function actionWords(action: string): string {
  const words = action.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
