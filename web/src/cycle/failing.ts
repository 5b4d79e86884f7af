import type { Bar } from "../ui/Sparkline";

/** The share of all that did not go well; null when there was nothing. */
export function failing(bars: Bar[]): number | null {
  const bad = bars.reduce((n, b) => n + b.bad, 0);
  const all = bars.reduce((n, b) => n + b.good + b.bad, 0);
  return all > 0 ? bad / all : null;
}
