import createClient from "openapi-fetch";
import type { paths, Refusal } from "./schema";
import { send } from "./send";

/** A refusal by the server, in its own words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly requestId: string | null = null,
    /** What is wrong, by the field that it is wrong with. */
    readonly fields: Record<string, string> = {},
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

/** The public API: all that the console asks goes through it. */
export const client = createClient<paths, "application/json">({ fetch: send });

type Answered<T> = { data?: T; error?: unknown; response: Response };

/** What the server answered; a refusal is thrown. */
export async function value<T>(asked: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok) return data as T;
  throw refusal(response, error);
}

/** What a response that is not ok says. */
export function refusal(response: Response, body: unknown): ApiError {
  const said = body as Partial<Refusal> | undefined;
  const faults = Object.entries(said?.ModelState ?? {}).map(([field, all]) => [field, all?.join(", ") ?? ""] as const);
  const message = said?.Message || `The server answered ${response.status}.`;
  const words = [message, ...faults.filter(([, m]) => m !== message).map(named)];
  return new ApiError(
    response.status,
    words.join(" "),
    response.headers.get("X-Request-Id"),
    Object.fromEntries(faults),
  );
}

/** What is wrong with a field, after the field's name, if it does not begin with that. */
const named = ([field, why]: readonly [string, string]) => (why.startsWith(`${field}:`) ? why : `${field}: ${why}`);

/** The page of a list that the server answered. */
export async function paged<T>(asked: Promise<Answered<T[]>>, page = 1): Promise<Page<T>> {
  const rows = await value(asked);
  const { headers } = (await asked).response;
  const count = (name: string, otherwise: number) => Number(headers.get(name) ?? otherwise);
  return { rows, page, pages: count("Total-Pages", 1), total: count("Total-Records", rows.length) };
}

/** The header of a call that acts in an account. */
export const within = (account: string) => ({ "X-Cyclr-Account": account });
