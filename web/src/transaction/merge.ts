import type { Page } from "../api/client";
import type { Transaction, TransactionStatus } from "../api/schema";

export interface Filter {
  cycle?: string;
  status?: TransactionStatus;
}

const finalStatuses: TransactionStatus[] = ["Completed", "Failed", "Cancelled"];

/** Whether nothing more can happen to a transaction. */
export function isFinal(status: TransactionStatus): boolean {
  return finalStatuses.includes(status);
}

/**
 * A page of transactions, newest first, after some changed. On the first page
 * new ones are put in by their time; other pages only show what happens to
 * their own. What no longer matches the filter goes, and the page never grows
 * over its size.
 */
export function merge(
  page: Page<Transaction>,
  changed: Transaction[],
  filter: Filter,
  size: number,
): Page<Transaction> {
  const rows = new Map(page.rows.map((t) => [t.Id, t]));
  let total = page.total;
  for (const t of changed) {
    const known = rows.get(t.Id);
    const fits = (!filter.cycle || t.CycleId === filter.cycle) && (!filter.status || t.Status === filter.status);
    if (known && isFinal(known.Status) && !isFinal(t.Status)) continue; // came late
    if (known && !fits) {
      rows.delete(t.Id);
      total--;
    } else if (known) {
      rows.set(t.Id, t);
    } else if (fits && page.page === 1) {
      rows.set(t.Id, t);
      // One that began before the page's last may be an old one on a later page.
      if (page.rows.length === 0 || compare(t, page.rows[page.rows.length - 1] as Transaction) < 0) total++;
    }
  }
  const sorted = [...rows.values()].sort(compare).slice(0, size);
  return { ...page, rows: sorted, total, pages: Math.max(page.pages, Math.ceil(total / size)) };
}

/** Newest first; ids are ordered by time too. */
function compare(a: Transaction, b: Transaction): number {
  return b.CreatedOnUtc.localeCompare(a.CreatedOnUtc) || b.Id.localeCompare(a.Id);
}
