/** What kinds of things are found, in the order in which they are shown. */
export const kinds = ["recent", "account", "cycle", "template", "connector", "transaction", "place", "help"] as const;
export type Kind = (typeof kinds)[number];

/** Something to go to. */
export interface Hit {
  kind: Kind;
  /** A path within the console; of help, of the manual. */
  to: string;
  label: string;
  /** What tells it from others of the same name. */
  detail?: string;
}

/** The words of what was typed, in lower case. */
export const words = (typed: string) => typed.toLowerCase().split(/\s+/).filter(Boolean);

/** How well a text has all of the words: higher is better, 0 is not at all. */
export function score(text: string, wanted: readonly string[]): number {
  const all = text.toLowerCase();
  const starts = all.split(/[^\p{L}\p{N}]+/u);
  let sum = 0;
  for (const word of wanted) {
    if (all.startsWith(word)) sum += 4;
    else if (starts.some((s) => s.startsWith(word))) sum += 3;
    else if (all.includes(word)) sum += 1;
    else return 0;
  }
  return sum;
}

/** Those that have all of the words in label or detail, the best first; a label counts for more. */
export function best(hits: readonly Hit[], typed: string, limit: number): Hit[] {
  const wanted = words(typed);
  return hits
    .map((hit) => ({ hit, score: 2 * score(hit.label, wanted) + score(`${hit.label} ${hit.detail ?? ""}`, wanted) }))
    .filter((h) => h.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map((h) => h.hit);
}

const transaction = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]74-616e64656d01$/i;

/** The id of a transaction, if that is what was typed: their GUIDs have a mark. */
export const transactionId = (typed: string) =>
  transaction.test(typed.trim()) ? typed.trim().toLowerCase() : undefined;
