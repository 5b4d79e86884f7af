import { useEffect } from "react";

let forms = 0;
const waiting = new Set<() => void>();

/** Whether something was entered on screen that is not saved: what it is of must not change under it. */
export const isUnsaved = () => forms > 0;

/** Calls once nothing is unsaved any more; gives what takes that back. */
export function onceSaved(call: () => void): () => void {
  waiting.add(call);
  return () => void waiting.delete(call);
}

/** Says that a component holds what was entered. */
export function useUnsaved(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return;
    forms++;
    return () => {
      forms--;
      if (forms > 0) return;
      const calls = [...waiting];
      waiting.clear();
      for (const call of calls) call();
    };
  }, [unsaved]);
}
