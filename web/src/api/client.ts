import createClient from "openapi-fetch";
import type { Account, Activation, paths, Session, TransactionStatus } from "./schema";

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

// fetch is looked up at each call, so that tests can put their own in place.
const client = createClient<paths>({ fetch: (request) => fetch(request) });

type Answered<T> = { data?: T; error?: unknown; response: Response };

function value<T>({ data, error, response }: Answered<T>): T {
  if (response.ok) return data as T;
  throw refusal(response, error);
}

function refusal(response: Response, body: unknown): ApiError {
  const said = body as { Message?: string; ModelState?: Record<string, string[]> } | undefined;
  const fields = Object.entries(said?.ModelState ?? {}).map(([field, faults]) => `${field}: ${faults.join(", ")}`);
  const message = [said?.Message || `The server answered ${response.status}.`, ...fields].join(" ");
  return new ApiError(response.status, message, response.headers.get("X-Request-Id"));
}

function paged<T>(answered: Answered<T[]>, page: number): Page<T> {
  const rows = value(answered) ?? [];
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
    value(await client.GET("/v1.0/accounts/{id}/subaccounts", { params: { path: { id } }, signal })) ?? [],
  usage: async (id: string, signal?: AbortSignal) =>
    value(await client.GET("/v1.0/accounts/{id}/usage", { params: { path: { id } }, signal })),
  connectors: async (account: string, signal?: AbortSignal) =>
    value(await client.GET("/v1.0/account/connectors", { params: { header: within(account) }, signal })) ?? [],
  async cycles(account: string, signal?: AbortSignal) {
    const params = { header: within(account), query: { pageSize: 1000, includeIcons: true } };
    return value(await client.GET("/v1.0/cycles", { params, signal })) ?? [];
  },
  prerequisites: async (account: string, id: string, signal?: AbortSignal) =>
    value(
      await client.GET("/v1.0/cycles/{id}/prerequisites", {
        params: { header: within(account), path: { id } },
        signal,
      }),
    ) ?? [],
  steps: async (account: string, id: string, signal?: AbortSignal) =>
    value(await client.GET("/v1.0/cycles/{id}/steps", { params: { header: within(account), path: { id } }, signal })) ??
    [],
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
      await client.GET("/v1.0/cycles/{id}/transactions/{transaction}", {
        params: { header: within(account), path: { id, transaction } },
        signal,
      }),
    ) ?? [],
  async errors(account: string, page: number, pageSize: number, signal?: AbortSignal) {
    const params = { header: within(account), query: { page, pageSize } };
    return paged(await client.GET("/v1.0/cycles/incidents/error", { params, signal }), page);
  },
};

/** A request to the console itself, which keeps people signed in. */
export async function door(method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(`/console/${path}`, {
    method,
    headers: body ? { "Content-Type": "application/json" } : undefined,
    body: body ? JSON.stringify(body) : undefined,
  });
  if (!response.ok) throw refusal(response, await response.json().catch(() => undefined));
  return response;
}

export async function signOut(): Promise<void> {
  await door("DELETE", "session");
}

/** Who is signed in; null: nobody. */
export async function whoAmI(): Promise<Session | null> {
  try {
    return await (await door("GET", "session")).json();
  } catch (e) {
    if (e instanceof ApiError && e.status === 401) return null;
    throw e;
  }
}

/** A change of one's own profile, by the public API. */
export async function mine<T>(method: string, path: string, body: unknown): Promise<T> {
  const response = await fetch(`/v1.0/me${path}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => undefined);
  if (!response.ok) throw refusal(response, answer);
  return answer as T;
}
