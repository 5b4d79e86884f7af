import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from "@tanstack/react-query";
import { whoAmI } from "../session/door";
import { ApiError, api, type TransactionList } from "./client";

export const accountPageSize = 200;

export const sessionQuery = queryOptions({ queryKey: ["session"], queryFn: whoAmI, staleTime: 60_000 });

export const accountsQuery = (query: string) =>
  infiniteQueryOptions({
    queryKey: ["accounts", query],
    queryFn: ({ pageParam, signal }) => api.accounts({ query, page: pageParam, pageSize: accountPageSize }, signal),
    initialPageParam: 1,
    getNextPageParam: (last) => (last.page < last.pages ? last.page + 1 : undefined),
    placeholderData: keepPreviousData,
  });

export const accountQuery = (id: string) =>
  queryOptions({ queryKey: ["account", id], queryFn: ({ signal }) => api.account(id, signal) });

export const subaccountsQuery = (id: string) =>
  queryOptions({ queryKey: ["account", id, "subaccounts"], queryFn: ({ signal }) => api.subaccounts(id, signal) });

export const usageQuery = (id: string) =>
  queryOptions({
    queryKey: ["account", id, "usage"],
    queryFn: ({ signal }) => api.usage(id, signal),
    staleTime: 30_000,
  });

export const connectorsQuery = (account: string) =>
  queryOptions({
    queryKey: ["account", account, "connectors"],
    queryFn: ({ signal }) => api.connectors(account, signal),
  });

export const cyclesQuery = (account: string) =>
  queryOptions({
    queryKey: ["account", account, "cycles"],
    queryFn: ({ signal }) => api.cycles(account, signal),
    refetchInterval: 15_000,
  });

export const prerequisitesQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: ["account", account, "cycles", id, "prerequisites"],
    queryFn: ({ signal }) => api.prerequisites(account, id, signal),
    staleTime: 0,
  });

export const stepsQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: ["account", account, "cycles", id, "steps"],
    queryFn: ({ signal }) => api.steps(account, id, signal),
  });

export const transactionsQuery = (account: string, list: TransactionList) =>
  queryOptions({
    queryKey: ["account", account, "transactions", list],
    queryFn: ({ signal }) => api.transactions(account, list, signal),
    placeholderData: keepPreviousData,
  });

export const transactionQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: ["account", account, "transaction", id],
    queryFn: ({ signal }) => api.transaction(account, id, signal),
  });

/** All pages of the transactions that one was split into. */
export const childrenKey = (account: string, id: string) => ["account", account, "transaction", id, "children"];

export const childrenQuery = (account: string, id: string, page: number) =>
  queryOptions({
    queryKey: [...childrenKey(account, id), page],
    queryFn: ({ signal }) => api.children(account, id, page, signal),
    placeholderData: keepPreviousData,
  });

export const stepItemsQuery = (account: string, cycle: string, transaction: string) =>
  queryOptions({
    queryKey: ["account", account, "step-items", cycle, transaction],
    queryFn: ({ signal }) => api.stepItems(account, cycle, transaction, signal),
  });

export const errorsQuery = (account: string, page: number, pageSize: number) =>
  queryOptions({
    queryKey: ["account", account, "errors", page, pageSize],
    queryFn: ({ signal }) => api.errors(account, page, pageSize, signal),
    placeholderData: keepPreviousData,
  });

/** Failures that another try may mend. */
export function worthRetrying(failures: number, error: Error): boolean {
  if (error instanceof ApiError && error.status < 500 && error.status !== 429) return false;
  return failures < 2;
}

/** A client whose onSignedOut runs when the server no longer knows the session. */
export function newQueryClient(onSignedOut: () => void): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      // A server may be near while the browser takes itself for offline; and what
      // is asked for now is never to be done later, unseen.
      queries: { retry: worthRetrying, staleTime: 5_000, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
  });
  const check = (error: unknown) => {
    if (error instanceof ApiError && error.status === 401) onSignedOut();
  };
  client.getQueryCache().config.onError = check;
  client.getMutationCache().config.onError = check;
  return client;
}
