import { queryOptions } from "@tanstack/react-query";
import { client, value, within } from "../api/client";
import type { Activation } from "../api/schema";

/** One cycle of an account, in a call. */
const one = (account: string, id: string) => ({ header: within(account), path: { id } });

export const cyclesQuery = (account: string) =>
  queryOptions({
    queryKey: ["account", account, "cycles"],
    queryFn: ({ signal }) => {
      const params = { header: within(account), query: { pageSize: 1000, includeIcons: true } };
      return value(client.GET("/v1.0/cycles", { params, signal }));
    },
    refetchInterval: 15_000,
  });

export const prerequisitesQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: ["account", account, "cycles", id, "prerequisites"],
    queryFn: ({ signal }) => value(client.GET("/v1.0/cycles/{id}/prerequisites", { params: one(account, id), signal })),
    staleTime: 0,
  });

export const stepsQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: ["account", account, "cycles", id, "steps"],
    queryFn: ({ signal }) => value(client.GET("/v1.0/cycles/{id}/steps", { params: one(account, id), signal })),
  });

export const activate = (account: string, id: string, body: Activation) =>
  value(client.PUT("/v1.0/cycles/{id}/activate", { params: one(account, id), body }));

export function deactivate(account: string, id: string, finish: boolean) {
  const params = { ...one(account, id), query: { finishQueuedTransactions: finish } };
  return value(client.PUT("/v1.0/cycles/{id}/deactivate", { params }));
}
