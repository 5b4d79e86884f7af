import { useSyncExternalStore } from "react";
import { ApiError } from "../api/client";
import type { Lost } from "../api/schema";

/** A cycle to be upgraded. */
export interface Target {
  account: string;
  accountName: string;
  cycle: string;
  name: string;
}

/** What came of it. */
export interface Result extends Target {
  error?: string;
  lost: Lost[];
}

/** Upgrades of a template's cycles: it goes on whichever page one is on, and can be gone on with after a reload. */
export interface Run {
  /** The version that they come to. */
  to: number;
  waiting: Target[];
  results: Result[];
  /** It is at work in this window. */
  working: boolean;
  /** Why it stopped, though some are waiting. */
  problem?: string;
}

/** Upgrades one, and tells what was lost. */
export type Upgrade = (target: Target) => Promise<Lost[]>;

/** How many are under way at once. */
const atOnce = 2;

const runs = new Map<string, Run>();
/** Whose turn it is to work at a run: the last that began, or went on. */
const turns = new Map<string, object>();
const listeners = new Set<() => void>();
const key = (template: string) => `tandem.upgrade.${template}`;

function put(template: string, run: Run | undefined): void {
  if (run) runs.set(template, run);
  else runs.delete(template);
  try {
    if (run) sessionStorage.setItem(key(template), JSON.stringify({ ...run, working: false }));
    else sessionStorage.removeItem(key(template));
  } catch {
    // Full, or not allowed: it lives as long as the window is not loaded anew.
  }
  for (const listener of listeners) listener();
}

/** The run of a template, if there is one: in this window, or from before it was loaded anew. */
export function runOf(template: string): Run | undefined {
  const known = runs.get(template);
  if (known) return known;
  try {
    const kept = JSON.parse(sessionStorage.getItem(key(template)) ?? "null") as Run | null;
    if (kept && Array.isArray(kept.waiting) && Array.isArray(kept.results)) runs.set(template, kept);
  } catch {
    // Unreadable: there is none.
  }
  return runs.get(template);
}

/** Begins to upgrade; done runs at the end, or where it stops. */
export async function begin(template: string, to: number, all: Target[], upgrade: Upgrade): Promise<Run> {
  put(template, { to, waiting: all, results: [], working: true });
  return work(template, upgrade);
}

/** Goes on with those that are waiting. */
export async function goOn(template: string, upgrade: Upgrade): Promise<Run | undefined> {
  const run = runOf(template);
  if (!run || run.working) return run;
  put(template, { ...run, working: true, problem: undefined });
  return work(template, upgrade);
}

/** Starts no more; those under way end. */
export function halt(template: string): void {
  const run = runOf(template);
  if (run) put(template, { ...run, working: false });
}

/** Forgets a run that has ended. */
export const forget = (template: string) => put(template, undefined);

async function work(template: string, upgrade: Upgrade): Promise<Run> {
  const turn = {};
  turns.set(template, turn);
  await Promise.all(Array.from({ length: atOnce }, () => worker(template, upgrade, turn)));
  const run = runs.get(template) as Run;
  // Halted and gone on with meanwhile, it is at work again.
  if (turns.get(template) === turn) put(template, { ...run, working: false });
  return runs.get(template) as Run;
}

async function worker(template: string, upgrade: Upgrade, turn: object): Promise<void> {
  for (;;) {
    const run = runs.get(template);
    const [next, ...waiting] = run?.waiting ?? [];
    if (!run?.working || !next || turns.get(template) !== turn) return;
    put(template, { ...run, waiting });
    const end = await tried(next, upgrade);
    const now = runs.get(template);
    if (!now) return;
    if (typeof end === "string")
      put(template, { ...now, waiting: [next, ...now.waiting], working: false, problem: end });
    else put(template, { ...now, results: [...now.results, end] });
  }
}

/** What came of one; a text is why none can be upgraded now. */
async function tried(target: Target, upgrade: Upgrade): Promise<Result | string> {
  try {
    return { ...target, lost: await upgrade(target) };
  } catch (e) {
    const error = e as Error;
    const own = error instanceof ApiError && error.status < 500 && ![401, 429].includes(error.status);
    return own ? { ...target, lost: [], error: error.message } : error.message;
  }
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useRun = (template: string) => useSyncExternalStore(subscribe, () => runOf(template));
