import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, paged, value, within } from "../api/client";
import { listed } from "../api/list";
import type { AccountChange } from "../api/schema";
import type { ListFilter } from "../search";

const pageSize = 200;

/** What of the accounts is listed, and in which order. */
export type AccountOrder = Pick<ListFilter, "query" | "sort" | "down">;

export const accountsQuery = (filter: AccountOrder) =>
  infiniteQueryOptions({
    queryKey: ["accounts", "list", filter],
    queryFn: ({ pageParam: page, signal }) => {
      const params = { query: listed({ ...filter, page }, pageSize) };
      return paged(client.GET("/v1.0/accounts", { params, signal }), page);
    },
    initialPageParam: 1,
    getNextPageParam: (last) => (last.page < last.pages ? last.page + 1 : undefined),
    placeholderData: keepPreviousData,
  });

/** How each account of a page of the list fares. */
export const activityQuery = (filter: AccountOrder, page: number) =>
  queryOptions({
    queryKey: ["activity", filter, page],
    queryFn: ({ signal }) => {
      const params = { query: listed({ ...filter, page }, pageSize) };
      return value(client.GET("/v1.0/runs/accounts", { params, signal }));
    },
    staleTime: 30_000,
  });

export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ["account", id],
    queryFn: ({ signal }) => value(client.GET("/v1.0/accounts/{id}", { params: { path: { id } }, signal })),
  });

export const subaccountsQuery = (id: string) =>
  queryOptions({
    queryKey: ["account", id, "subaccounts"],
    queryFn: ({ signal }) => paged(client.GET("/v1.0/accounts/{id}/subaccounts", { params: { path: { id } }, signal })),
  });

export const usageQuery = (id: string) =>
  queryOptions({
    queryKey: ["account", id, "usage"],
    queryFn: ({ signal }) => value(client.GET("/v1.0/account/usage", { params: { header: within(id) }, signal })),
    staleTime: 30_000,
  });

/** Those in the recycle bin. */
export const binQuery = (query: string, page: number) =>
  queryOptions({
    queryKey: ["accounts", "bin", query, page],
    queryFn: ({ signal }) => {
      const params = { query: { deleted: true, query: query || undefined, page, pageSize: 50 } };
      return paged(client.GET("/v1.0/accounts", { params, signal }), page);
    },
    placeholderData: keepPreviousData,
  });

/** The cycles of an account and how many of them run, at the moment of asking. */
export const runningQuery = (id: string) =>
  queryOptions({
    queryKey: ["account", id, "running"],
    queryFn: async ({ signal }) => {
      const params = { header: within(id), query: { pageSize: 1000 } };
      const cycles = await value(client.GET("/v1.0/cycles", { params, signal }));
      return cycles.filter((c) => c.Status !== "Paused").length;
    },
    staleTime: 0,
  });

/** What holds for accounts that have no setting of their own. */
export const defaultsQuery = queryOptions({
  queryKey: ["settings", "account"],
  queryFn: async ({ signal }) => (await value(client.GET("/v1.0/settings", { signal }))).Account,
});

/** An account's tasks, counted again from the records of steps. */
export const verifyUsage = (id: string) =>
  value(client.GET("/v1.0/accounts/{id}/usage/verify", { params: { path: { id } } }));

const at = (id: string) => ({ params: { path: { id } } });

export const createAccount = (body: AccountChange) => value(client.POST("/v1.0/accounts", { body }));
export const changeAccount = (id: string, body: AccountChange) =>
  value(client.PUT("/v1.0/accounts/{id}", { ...at(id), body }));
export const suspendAccount = (id: string) => value(client.POST("/v1.0/accounts/{id}/suspend", at(id)));
export const resumeAccount = (id: string) => value(client.POST("/v1.0/accounts/{id}/resume", at(id)));
export const restoreAccount = (id: string) => value(client.POST("/v1.0/accounts/{id}/restore", at(id)));
export const deleteAccount = (id: string, subaccounts: boolean) =>
  value(client.DELETE("/v1.0/accounts/{id}", { params: { path: { id }, query: { subaccounts } } }));
