import { useSyncExternalStore } from "react";
import classes from "./say.module.css";

/** How long what was said stays, in milliseconds. */
const shown = 5_000;

let said = "";
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function become(text: string): void {
  said = text;
  for (const l of listeners) l();
}

/** Says that something was done, to eyes and ears. */
export function say(text: string): void {
  clearTimeout(timer);
  timer = setTimeout(() => become(""), shown);
  become(text);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where it is said; once on a page. */
export function Said() {
  const text = useSyncExternalStore(subscribe, () => said);
  return (
    <div className={classes.place} role="status" data-shown={text !== "" || undefined}>
      {text && <p>{text}</p>}
    </div>
  );
}
