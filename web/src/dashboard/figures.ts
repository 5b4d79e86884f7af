import type { CycleRuns } from "../api/schema";

/** The day so many days before now, UTC: 2006-01-02. */
export const daysAgo = (n: number, now = Date.now()) => new Date(now - n * 86_400_000).toISOString().slice(0, 10);

export interface FailingAccount {
  id: string;
  name: string;
  errors: number;
  cycles: CycleRuns[];
}

/** Cycles that fail, by account; the accounts with the most errors first. */
export function byAccount(cycles: CycleRuns[]): FailingAccount[] {
  const all = new Map<string, FailingAccount>();
  for (const c of cycles) {
    const a = all.get(c.AccountId) ?? { id: c.AccountId, name: c.AccountName, errors: 0, cycles: [] };
    a.errors += c.Errors;
    a.cycles.push(c);
    all.set(c.AccountId, a);
  }
  return [...all.values()].sort((a, b) => b.errors - a.errors);
}

/** How much of an allowance is used: in percent, and how that looks. */
export function part(used: number, allowance: number): { percent: number; tone: "accent" | "warn" | "bad" } {
  const percent = allowance > 0 ? (100 * used) / allowance : 0;
  return { percent, tone: percent >= 100 ? "bad" : percent >= 80 ? "warn" : "accent" };
}
