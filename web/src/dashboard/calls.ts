import { queryOptions } from "@tanstack/react-query";
import { client, paged, value } from "../api/client";

/** What is shown need not be of this very second. */
const often = { staleTime: 10_000, refetchInterval: 30_000 } as const;

/** What the server adds up over all accounts, which takes it seconds where there are very many. */
const seldom = { staleTime: 60_000, refetchInterval: 300_000 } as const;

export const allowanceQuery = queryOptions({
  queryKey: ["dashboard", "allowance"],
  queryFn: ({ signal }) => value(client.GET("/v1.0/usage/allowance", { signal })),
  ...often,
});

export const runDaysQuery = queryOptions({
  queryKey: ["dashboard", "days"],
  queryFn: ({ signal }) => value(client.GET("/v1.0/runs/days", { signal })),
  ...often,
});

/** Cycles whose runs failed since a day, the worst first. */
export const failingQuery = (start: string) =>
  queryOptions({
    queryKey: ["dashboard", "failing", start],
    queryFn: ({ signal }) => {
      const params = { query: { start, failing: true, pageSize: 20 } };
      return paged(client.GET("/v1.0/runs/cycles", { params, signal }));
    },
    ...seldom,
  });

export const waitsQuery = queryOptions({
  queryKey: ["dashboard", "waits"],
  queryFn: ({ signal }) => paged(client.GET("/v1.0/runs/waits", { params: { query: { pageSize: 5 } }, signal })),
  ...often,
});

export type Worst = "IncidentTasks" | "AverageMilliseconds";

/** The connectors with most of something since a day. */
export const connectorsQuery = (start: string, orderBy: Worst) =>
  queryOptions({
    queryKey: ["dashboard", "connectors", start, orderBy],
    queryFn: ({ signal }) => {
      const params = { query: { start, orderBy, sortOrderAsc: false, pageSize: 5 } } as const;
      return value(client.GET("/v1.0/usage/connectors", { params, signal }));
    },
    ...seldom,
  });

export const changesQuery = queryOptions({
  queryKey: ["dashboard", "changes"],
  queryFn: ({ signal }) => value(client.GET("/v1.0/audit", { params: { query: { pageSize: 8 } }, signal })),
});
