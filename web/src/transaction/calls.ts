import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, paged, value, within } from "../api/client";
import type { TransactionStatus } from "../api/schema";

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

export const transactionQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: ["account", account, "transaction", id],
    queryFn: ({ signal }) => value(client.GET("/v1.0/transactions/{id}", { params: one(account, id), signal })),
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
  });

export const stepItemsQuery = (account: string, cycle: string, transaction: string) =>
  queryOptions({
    queryKey: ["account", account, "step-items", cycle, transaction],
    queryFn: ({ signal }) => {
      const params = { header: within(account), path: { id: cycle, transactionId: transaction } };
      return value(client.GET("/v1.0/cycles/{id}/transactions/{transactionId}", { params, signal }));
    },
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
