import { useMemo, useRef } from "react";
import type { About } from "./context";
import type { Design, Step } from "./design";
import { type Problem, problems } from "./problems";

/** What a design still needs: all of it, and by step. The same as long as nothing changes in it, so that no step is drawn anew. */
export function useProblems(design: Design, about: (s: Step) => About): { all: Problem[]; of: Map<string, Problem[]> } {
  const kept = useRef<{ text: string; all: Problem[]; of: Map<string, Problem[]> }>(undefined);
  return useMemo(() => {
    const all = problems(design, about);
    const text = JSON.stringify(all);
    if (kept.current?.text !== text) kept.current = { text, all, of: byStep(all) };
    return kept.current;
  }, [design, about]);
}

function byStep(all: Problem[]): Map<string, Problem[]> {
  const of = new Map<string, Problem[]>();
  for (const p of all) if (p.step) of.set(p.step, [...(of.get(p.step) ?? []), p]);
  return of;
}
