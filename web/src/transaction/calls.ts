import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, paged, value, within } from "../api/client";
import type { TransactionJobStart, TransactionStatus } from "../api/schema";

/** One transaction of an account, in a call. */
const one = (account: string, id: string) => ({ header: within(account), path: { id } });

export interface TransactionList {
  cycle?: string;
  status?: TransactionStatus;
  page: number;
  pageSize: number;
}

export function listTransactions(account: string, { cycle, ...query }: TransactionList, signal?: AbortSignal) {
  const header = within(account);
  const asked = cycle
    ? client.GET("/v1.0/cycles/{id}/transactions", { params: { header, path: { id: cycle }, query }, signal })
    : client.GET("/v1.0/cycles/transactions", { params: { header, query }, signal });
  return paged(asked, query.page);
}

export const transactionsQuery = (account: string, list: TransactionList) =>
  queryOptions({
    queryKey: ["account", account, "transactions", list],
    queryFn: ({ signal }) => listTransactions(account, list, signal),
    placeholderData: keepPreviousData,
  });

/** Of what is kept up to date by who shows it, by a stream of transactions. */
export const followed = { live: false };

export const transactionQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: ["account", account, "transaction", id],
    queryFn: ({ signal }) => value(client.GET("/v1.0/transactions/{id}", { params: one(account, id), signal })),
    meta: followed,
  });

/** All pages of the transactions that one was split into. */
export const childrenKey = (account: string, id: string) => ["account", account, "transaction", id, "children"];

export const childrenQuery = (account: string, id: string, page: number) =>
  queryOptions({
    queryKey: [...childrenKey(account, id), page],
    queryFn: ({ signal }) => {
      const params = { ...one(account, id), query: { page } };
      return paged(client.GET("/v1.0/transactions/{id}/transactions", { params, signal }), page);
    },
    placeholderData: keepPreviousData,
    meta: followed,
  });

/** Of longer bodies only so many bytes come with a transaction. */
const bodyLimit = 20_000;

export const stepItemsQuery = (account: string, cycle: string, transaction: string) =>
  queryOptions({
    queryKey: ["account", account, "step-items", cycle, transaction],
    queryFn: ({ signal }) => {
      const params = {
        header: within(account),
        path: { id: cycle, transactionId: transaction },
        query: { bodyLimit },
      };
      return value(client.GET("/v1.0/cycles/{id}/transactions/{transactionId}", { params, signal }));
    },
    meta: followed,
  });

/** One step of a transaction, by its place among them from 0, with all of its bodies. */
export const stepItemQuery = (account: string, cycle: string, transaction: string, index: number) =>
  queryOptions({
    queryKey: ["account", account, "step-items", cycle, transaction, index],
    queryFn: async ({ signal }) => {
      const params = {
        header: within(account),
        path: { id: cycle, transactionId: transaction },
        query: { page: index + 1, pageSize: 1 },
      };
      const [item] = await value(client.GET("/v1.0/cycles/{id}/transactions/{transactionId}", { params, signal }));
      return item ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
    meta: followed,
  });

/** What can be done to a transaction. */
export type Act = "retry" | "resume" | "drop";

export function actOn(account: string, id: string, act: Act) {
  const params = one(account, id);
  switch (act) {
    case "retry":
      return value(client.POST("/v1.0/transactions/{id}/retry", { params }));
    case "resume":
      return value(client.POST("/v1.0/transactions/{id}/resume", { params }));
    case "drop":
      return value(client.POST("/v1.0/transactions/{id}/drop", { params }));
  }
}

/** The same to all that a filter finds, which the server goes on with by itself. */
export const startJob = (account: string, body: TransactionJobStart) =>
  value(client.POST("/v1.0/cycles/transactions/jobs", { params: { header: within(account) }, body }));

export const cancelJob = (account: string, id: string) =>
  value(client.POST("/v1.0/cycles/transactions/jobs/{id}/cancel", { params: one(account, id) }));

const often = 3_000;

/** What is done to many transactions: those that are running, then the newest. */
export const jobsQuery = (account: string) =>
  queryOptions({
    queryKey: ["account", account, "transactions", "jobs"],
    queryFn: ({ signal }) =>
      value(client.GET("/v1.0/cycles/transactions/jobs", { params: { header: within(account) }, signal })),
    refetchInterval: (q) => (q.state.data?.some((j) => !j.EndedOnUtc) ? often : false),
  });

export const errorsQuery = (account: string, page: number, pageSize: number) =>
  queryOptions({
    queryKey: ["account", account, "errors", page, pageSize],
    queryFn: ({ signal }) => {
      const params = { header: within(account), query: { page, pageSize } };
      return paged(client.GET("/v1.0/cycles/incidents/error", { params, signal }), page);
    },
    placeholderData: keepPreviousData,
  });
