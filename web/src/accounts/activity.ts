import { queryOptions } from "@tanstack/react-query";
import { client, value, within } from "../api/client";
import type { Cycle, DayRuns } from "../api/schema";

/** What goes on in an account. */
export interface Activity {
  cycles: number;
  /** Cycles that are not stopped. */
  active: number;
  errors: number;
  /** How transactions ended on each of the last days, the oldest first. */
  days: DayRuns[];
}

/** The cycles of an account, as one. */
export function summed(cycles: Pick<Cycle, "Status" | "ErrorCount" | "Activity">[]): Activity {
  const days: DayRuns[] = [];
  for (const { Activity } of cycles) {
    for (const [i, d] of (Activity ?? []).entries()) {
      const sum = days[i] ?? { Runs: 0, Errors: 0 };
      days[i] = { Runs: sum.Runs + d.Runs, Errors: sum.Errors + d.Errors };
    }
  }
  return {
    cycles: cycles.length,
    active: cycles.filter((c) => c.Status !== "Paused").length,
    errors: cycles.reduce((n, c) => n + c.ErrorCount, 0),
    days,
  };
}

/** What goes on in an account, and when its last transaction began. */
export const activityQuery = (account: string) =>
  queryOptions({
    queryKey: ["account", account, "activity"],
    queryFn: async ({ signal }) => {
      const header = within(account);
      const query = { pageSize: 1000, includeActivity: true };
      const cycles = await value(client.GET("/v1.0/cycles", { params: { header, query }, signal }));
      const newest = { header, query: { pageSize: 1 } };
      // Without cycles nothing has run: most of very many accounts are spared the second question.
      const [last] = cycles.length
        ? await value(client.GET("/v1.0/cycles/transactions", { params: newest, signal }))
        : [];
      return { ...summed(cycles), last: last?.CreatedOnUtc };
    },
    staleTime: 30_000,
  });
