/** For how long somebody is taken to be there who touched nothing. */
const presence = 5 * 60_000;

let touched = Date.now();
for (const kind of ["pointerdown", "keydown", "wheel", "touchmove"])
  window.addEventListener(
    kind,
    () => {
      touched = Date.now();
    },
    { capture: true, passive: true },
  );

/** Whether somebody uses this window, as far as it can tell. */
export const attended = () => Date.now() - touched < presence;
