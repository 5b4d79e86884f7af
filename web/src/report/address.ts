import type { TransactionStatus } from "../api/schema";
import { type ListFilter, listFilter, oneOf, type Search, text, transactionStatuses } from "../search";
import { type ReportName, reportNames } from "./names";

/** What a report is narrowed by. Each heeds some of it. */
export interface ReportFilter extends ListFilter {
  /** An account's id. */
  account?: string;
  /** The report stands on that account's page: not in the address. */
  inside?: boolean;
  /** Days, as 2006-01-02, both included. */
  from?: string;
  to?: string;
  connector?: string;
  cycle?: string;
  status?: TransactionStatus;
  level?: "Warning";
  kind?: NoticeKind;
  state?: NoticeState;
  answer?: AnswerClass;
  method?: Method;
}

/** What was answered, as the API takes it: all that begin alike, or all from 400 on. */
export const answerClasses = ["2xx", "failed", "4xx", "5xx"] as const;
export type AnswerClass = (typeof answerClasses)[number];
export const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof methods)[number];

export const noticeKinds = ["Error", "Notification"] as const;
export type NoticeKind = (typeof noticeKinds)[number];
export const noticeStates = ["Queued", "Delivered", "GivenUp"] as const;
export type NoticeState = (typeof noticeStates)[number];

/** A day that there is. */
function day(v: unknown): string | undefined {
  const s = text(v);
  if (!s || !/^\d{4}-\d\d-\d\d$/.test(s)) return undefined;
  const at = new Date(`${s}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(s) ? s : undefined;
}

export const reportFilter = (s: Search): ReportFilter => ({
  ...listFilter(s),
  account: text(s.account),
  from: day(s.from),
  to: day(s.to),
  connector: text(s.connector),
  cycle: text(s.cycle),
  status: oneOf(transactionStatuses, s.status),
  level: oneOf(["Warning"], s.level),
  kind: oneOf([...noticeKinds], s.kind),
  state: oneOf([...noticeStates], s.state),
  answer: oneOf([...answerClasses], s.answer),
  method: oneOf([...methods], s.method),
});

/** Those of an account, on its own page; which of them is in the address, too. */
export const accountReportFilter = (s: Search): ReportFilter & { report?: ReportName } => ({
  ...reportFilter({ ...s, account: undefined }),
  report: oneOf([...reportNames], s.report),
});

/** The day after one. */
export const nextDay = (day: string) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** A period as reports of usage take it: a last day means that day whole. */
export const period = ({ from, to }: ReportFilter) => ({ start: from, end: to });

/** A period as lists of what happened take it. */
export const happened = ({ from, to }: ReportFilter) => ({ after: from, before: to && nextDay(to) });

/** Where all rows are, as CSV. */
export function sheetAddress(path: string, query: object): string {
  const given = Object.entries(query).filter(([, v]) => v !== undefined && v !== "");
  return `${path}?${new URLSearchParams([...given.map(([k, v]) => [k, String(v)]), ["format", "csv"]])}`;
}
