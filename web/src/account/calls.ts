import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, paged, value } from "../api/client";

const pageSize = 200;

export const accountsQuery = (query: string) =>
  infiniteQueryOptions({
    queryKey: ["accounts", query],
    queryFn: ({ pageParam: page, signal }) => {
      const params = { query: { query: query || undefined, page, pageSize } };
      return paged(client.GET("/v1.0/accounts", { params, signal }), page);
    },
    initialPageParam: 1,
    getNextPageParam: (last) => (last.page < last.pages ? last.page + 1 : undefined),
    placeholderData: keepPreviousData,
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
    queryFn: ({ signal }) => value(client.GET("/v1.0/accounts/{id}/usage", { params: { path: { id } }, signal })),
    staleTime: 30_000,
  });
