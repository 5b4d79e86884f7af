import { useSyncExternalStore } from "react";

const tick = 5_000;

let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const l of listeners) l();
  }, tick);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function read(): number {
  if (!timer) now = Date.now();
  return now;
}

/** The time, the same for the whole page, moving on every few seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, read);
}
