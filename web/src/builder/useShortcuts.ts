import { useEffect, useRef } from "react";
import type { Clip } from "./design";

interface Acts {
  undo?: () => void;
  redo?: () => void;
  copy(): Clip;
  paste?: (clip: Clip) => void;
}

/** The mark of steps in the clipboard. */
const mark = "tandem-steps/1";

/** Whether somebody writes just now, and keys are letters. */
const writes = (e: Event) =>
  e.target instanceof HTMLElement && e.target.closest("input, textarea, select, [contenteditable=true]") !== null;

/** Undo, redo, copy and paste, as everywhere. What is copied can be pasted into another design. */
export function useShortcuts(acts: Acts): void {
  const now = useRef(acts);
  now.current = acts;
  useEffect(() => {
    const key = (e: KeyboardEvent) => {
      if (writes(e) || !(e.metaKey || e.ctrlKey)) return;
      const letter = e.key.toLowerCase();
      const act =
        letter === "y" || (letter === "z" && e.shiftKey) ? now.current.redo : letter === "z" && now.current.undo;
      if (!act) return;
      e.preventDefault();
      act();
    };
    const copied = (e: ClipboardEvent) => {
      const clip = writes(e) || window.getSelection()?.toString() ? undefined : now.current.copy();
      if (!clip?.Steps.length) return;
      e.clipboardData?.setData("text/plain", JSON.stringify({ Format: mark, ...clip }));
      e.preventDefault();
    };
    const pasted = (e: ClipboardEvent) => {
      const clip = writes(e) ? undefined : readClip(e.clipboardData?.getData("text/plain") ?? "");
      if (!clip || !now.current.paste) return;
      e.preventDefault();
      now.current.paste(clip);
    };
    document.addEventListener("keydown", key);
    document.addEventListener("copy", copied);
    document.addEventListener("paste", pasted);
    return () => {
      document.removeEventListener("keydown", key);
      document.removeEventListener("copy", copied);
      document.removeEventListener("paste", pasted);
    };
  }, []);
}

/** Steps out of a text; undefined: it is something else. */
export function readClip(text: string): Clip | undefined {
  try {
    const clip = JSON.parse(text);
    const whole = clip?.Format === mark && [clip.Steps, clip.Edges, clip.Connectors].every(Array.isArray);
    return whole ? { Steps: clip.Steps, Edges: clip.Edges, Connectors: clip.Connectors } : undefined;
  } catch {
    return undefined;
  }
}
