import createClient from "openapi-fetch";
import type { Account, Activation, Factor, Profile, paths, Refusal, TransactionStatus } from "./schema";
import { send } from "./send";

/** A refusal by the server, in its own words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly requestId: string | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** One page of a list, and how many rows the whole has. */
export interface Page<T> {
  rows: T[];
  page: number;
  pages: number;
  total: number;
}

const client = createClient<paths, "application/json">({ fetch: send });

type Answered<T> = { data?: T; error?: unknown; response: Response };

function value<T>({ data, error, response }: Answered<T>): T {
  if (response.ok) return data as T;
  throw refusal(response, error);
}

/** What a response that is not ok says. */
export function refusal(response: Response, body: unknown): ApiError {
  const said = body as Partial<Refusal> | undefined;
  const fields = Object.entries(said?.ModelState ?? {}).map(([field, faults]) => `${field}: ${faults?.join(", ")}`);
  const message = [said?.Message || `The server answered ${response.status}.`, ...fields].join(" ");
  return new ApiError(response.status, message, response.headers.get("X-Request-Id"));
}

function paged<T>(answered: Answered<T[]>, page: number): Page<T> {
  const rows = value(answered);
  const count = (name: string, otherwise: number) => Number(answered.response.headers.get(name) ?? otherwise);
  return { rows, page, pages: count("Total-Pages", 1), total: count("Total-Records", rows.length) };
}

const within = (account: string) => ({ "X-Cyclr-Account": account });

export interface AccountList {
  query: string;
  page: number;
  pageSize: number;
}

export interface TransactionList {
  cycle?: string;
  status?: TransactionStatus;
  page: number;
  pageSize: number;
}

/** Every call the console makes, each on the public API. */
export const api = {
  async accounts({ query, page, pageSize }: AccountList, signal?: AbortSignal): Promise<Page<Account>> {
    const list = { query: query || undefined, page, pageSize };
    return paged(await client.GET("/v1.0/accounts", { params: { query: list }, signal }), page);
  },
  account: async (id: string, signal?: AbortSignal) =>
    value(await client.GET("/v1.0/accounts/{id}", { params: { path: { id } }, signal })),
  subaccounts: async (id: string, signal?: AbortSignal) =>
    paged(await client.GET("/v1.0/accounts/{id}/subaccounts", { params: { path: { id } }, signal }), 1),
  usage: async (id: string, signal?: AbortSignal) =>
    value(await client.GET("/v1.0/accounts/{id}/usage", { params: { path: { id } }, signal })),
  connectors: async (account: string, signal?: AbortSignal) =>
    value(
      await client.GET("/v1.0/account/connectors", {
        params: { header: within(account), query: { pageSize: 1000 } },
        signal,
      }),
    ),
  async cycles(account: string, signal?: AbortSignal) {
    const params = { header: within(account), query: { pageSize: 1000, includeIcons: true } };
    return value(await client.GET("/v1.0/cycles", { params, signal }));
  },
  prerequisites: async (account: string, id: string, signal?: AbortSignal) =>
    value(
      await client.GET("/v1.0/cycles/{id}/prerequisites", {
        params: { header: within(account), path: { id } },
        signal,
      }),
    ),
  steps: async (account: string, id: string, signal?: AbortSignal) =>
    value(await client.GET("/v1.0/cycles/{id}/steps", { params: { header: within(account), path: { id } }, signal })),
  activate: async (account: string, id: string, body: Activation) =>
    value(await client.PUT("/v1.0/cycles/{id}/activate", { params: { header: within(account), path: { id } }, body })),
  async deactivate(account: string, id: string, finish: boolean) {
    const params = { header: within(account), path: { id }, query: { finishQueuedTransactions: finish } };
    return value(await client.PUT("/v1.0/cycles/{id}/deactivate", { params }));
  },
  async transactions(account: string, { cycle, ...list }: TransactionList, signal?: AbortSignal) {
    const header = within(account);
    const answered = cycle
      ? await client.GET("/v1.0/cycles/{id}/transactions", {
          params: { header, path: { id: cycle }, query: list },
          signal,
        })
      : await client.GET("/v1.0/cycles/transactions", { params: { header, query: list }, signal });
    return paged(answered, list.page);
  },
  transaction: async (account: string, id: string, signal?: AbortSignal) =>
    value(await client.GET("/v1.0/transactions/{id}", { params: { header: within(account), path: { id } }, signal })),
  async children(account: string, id: string, page: number, signal?: AbortSignal) {
    const params = { header: within(account), path: { id }, query: { page } };
    return paged(await client.GET("/v1.0/transactions/{id}/transactions", { params, signal }), page);
  },
  stepItems: async (account: string, id: string, transaction: string, signal?: AbortSignal) =>
    value(
      await client.GET("/v1.0/cycles/{id}/transactions/{transactionId}", {
        params: { header: within(account), path: { id, transactionId: transaction } },
        signal,
      }),
    ),
  async errors(account: string, page: number, pageSize: number, signal?: AbortSignal) {
    const params = { header: within(account), query: { page, pageSize } };
    return paged(await client.GET("/v1.0/cycles/incidents/error", { params, signal }), page);
  },
  changeProfile: async (body: Profile) => value(await client.PUT("/v1.0/me", { body })),
  beginFactor: async (body: Factor) => value(await client.POST("/v1.0/me/twofactor", { body })),
  confirmFactor: async (body: Factor) => value(await client.PUT("/v1.0/me/twofactor", { body })),
  endFactor: async (body: Factor) => value(await client.DELETE("/v1.0/me/twofactor", { body })),
  renewCodes: async (body: Factor) => value(await client.POST("/v1.0/me/recoverycodes", { body })),
};
