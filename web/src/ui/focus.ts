import { useLayoutEffect } from "react";

/** What had the focus last. */
let last: HTMLElement | null = null;

/** What opens the menu that something is in, as a menu goes when one of its items is chosen. */
function staying(e: HTMLElement): HTMLElement {
  const opener = e.closest('[role="menu"]')?.getAttribute("aria-labelledby");
  return (opener && document.getElementById(opener)) || e;
}

/** Follows the focus from now on. */
export function followFocus(): () => void {
  const follow = ({ target }: FocusEvent) => {
    if (target instanceof HTMLElement) last = staying(target);
  };
  document.addEventListener("focusin", follow);
  return () => document.removeEventListener("focusin", follow);
}

/** Whether nothing has the focus, as what had it is gone. */
export const unfocused = () => !document.activeElement || document.activeElement === document.body;

/** Gives the focus, when what uses this has gone, back to what had it before; to the page, if that went, too. */
export function useFocusBack(): void {
  useLayoutEffect(() => {
    const before = last;
    return () => {
      last = before; // what comes in its stead goes back to there
      setTimeout(() => {
        for (const e of [before, document.getElementById("main")]) if (unfocused()) e?.focus({ preventScroll: true });
      });
    };
  }, []);
}
