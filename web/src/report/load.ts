import { client, type Page, paged, within } from "../api/client";
import { listed } from "../api/list";
import type { ReportFilter } from "./address";
import type { Report } from "./report";

/** Days are few, and are drawn: they come all at once. */
const allDays = 1000;

/** The rows of a report, in the place that its path and query tell; of days all, else a page. */
export function rowsOf<T>(report: Report<T>, f: ReportFilter, signal: AbortSignal): Promise<Page<T>> {
  const { query: _, ...page } = report.draw ? listed({ sort: f.sort, down: f.down }, allDays) : listed(f);
  const header = f.account ? within(f.account) : undefined;
  const params = { header, query: { ...page, ...report.query(f) } };
  // One path stands for all: each report says itself what its rows are.
  const asked = client.GET(report.path(f) as "/v1.0/account/usage/days", { params, signal } as never);
  return paged(asked as unknown as Parameters<typeof paged<T>>[0], report.draw ? 1 : f.page);
}

/** The path below the account's own, or below that of all accounts. */
export const either = (f: ReportFilter, path: string) => `/v1.0/${f.account ? "account/" : ""}${path}`;
