import type { TFunction } from "i18next";
import type { Area } from "../session/may";
import type { Series } from "../ui/Chart";
import type { ListColumn } from "../ui/List";
import type { ReportFilter } from "./address";
import type { ReportName } from "./names";

export type FilterName =
  | "search"
  | "account"
  | "period"
  | "connector"
  | "cycle"
  | "status"
  | "answer"
  | "method"
  | "level"
  | "kind"
  | "state";

/** What is drawn of the rows of a report by day. */
export interface Drawing {
  days: string[];
  series: Series[];
  show(n: number): string;
}

/** A report: where its rows come from, by what they are narrowed, and how they are shown. */
export interface Report<T> {
  name: ReportName;
  filters: FilterName[];
  /** It is of one account. */
  single?: boolean;
  /** Of an account it has those below it, too, unless it stands on the account's page. */
  tree?: boolean;
  /** What one must be able to view, beside reports. */
  area?: Area;
  /** An account's own people are not told. */
  vendor?: boolean;
  /** On a phone each row is a card. */
  cards?: boolean;
  /** Where the manual tells of it, if not among the reports. */
  docs?: string;
  /** Where the rows come from, on screen and as CSV; what the list's paging is comes beside it. */
  path(f: ReportFilter): string;
  query(f: ReportFilter): object;
  rowKey(row: T): string | number;
  /** As they stand on the page of the account that is given, or beside others. */
  columns(t: TFunction, locale: string, account?: string): ListColumn<T>[];
  draw?(rows: T[], t: TFunction, locale: string): Drawing;
}
