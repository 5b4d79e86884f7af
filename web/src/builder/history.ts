/** What was done, and what was undone of it. */
export interface History<T> {
  past: T[];
  now: T;
  future: T[];
  /** What the last change was part of; the next of the same name goes with it. */
  part?: string;
}

/** As many steps back as are kept. */
const longest = 200;

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [] });

/** A change. Changes of one part that follow each other, such as letters of a name, are undone together. */
export function record<T>(h: History<T>, now: T, part?: string): History<T> {
  if (now === h.now) return h;
  const joins = part !== undefined && part === h.part;
  return { past: joins ? h.past : [...h.past, h.now].slice(-longest), now, future: [], part };
}

export function undo<T>(h: History<T>): History<T> {
  const last = h.past.at(-1);
  return last === undefined ? h : { past: h.past.slice(0, -1), now: last, future: [h.now, ...h.future] };
}

export function redo<T>(h: History<T>): History<T> {
  const [next, ...future] = h.future;
  return next === undefined ? h : { past: [...h.past, h.now], now: next, future };
}
