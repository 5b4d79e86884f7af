import type { CycleStatus, TransactionStatus } from "./api/schema";

/**
 * The filters that live in the address. Whatever someone typed there, only
 * what is valid comes through; the rest is as if it were not there.
 */

export type Search = Record<string, unknown>;

export const transactionStatuses: TransactionStatus[] = [
  "Queued",
  "Waiting",
  "Split",
  "Held",
  "Completed",
  "Failed",
  "Cancelled",
];
export const cycleStatuses: CycleStatus[] = ["Running", "Finishing", "Paused"];

/** A text, undefined when empty. A text of digits arrives as a number. */
export function text(v: unknown): string | undefined {
  return (typeof v === "string" && v) || (typeof v === "number" ? String(v) : undefined);
}

export function oneOf<T extends string>(all: T[], v: unknown): T | undefined {
  return all.find((x) => x === v);
}

/** A whole number above 1; the first page is not written in the address. */
function page(v: unknown): number | undefined {
  const n = Number(v);
  return Number.isInteger(n) && n > 1 ? n : undefined;
}

export interface PageFilter {
  page?: number;
}

/** Of a list that the server searches, sorts and pages. */
export interface ListFilter extends PageFilter {
  query?: string;
  /** A property of the rows, and whether the greatest comes first. */
  sort?: string;
  down?: boolean;
}

export interface TextFilter {
  query?: string;
}

/** Of the accounts; deleted: those in the recycle bin. */
export interface AccountFilters extends ListFilter {
  deleted?: boolean;
}

export interface TransactionFilters extends PageFilter {
  cycle?: string;
  status?: TransactionStatus;
}

/** Where to go after signing in, and whether a session ended by itself. */
export interface SignInSearch {
  to?: string;
  ended?: boolean;
  problem?: boolean;
}

export const signInSearch = (s: Search): SignInSearch => ({
  to: text(s.to),
  ended: s.ended === true || undefined,
  problem: s.problem === true || undefined,
});

export const pageFilter = (s: Search): PageFilter => ({ page: page(s.page) });

export const listFilter = (s: Search): ListFilter => ({
  query: text(s.query),
  sort: text(s.sort),
  down: s.down === true || undefined,
  page: page(s.page),
});

export const textFilter = (s: Search): TextFilter => ({ query: text(s.query) });

export const accountFilters = (s: Search): AccountFilters => ({
  ...listFilter(s),
  deleted: s.deleted === true || undefined,
});

export const transactionFilters = (s: Search): TransactionFilters => ({
  cycle: text(s.cycle),
  status: oneOf(transactionStatuses, s.status),
  page: page(s.page),
});

export const stepChoice = (s: Search): { step?: number } => {
  const n = Number(s.step);
  return { step: Number.isInteger(n) && n > 0 ? n : undefined };
};
