import { useMemo } from "react";
import { byStep, type Problem } from "./problems";

const none: Problem[] = [];

/** What a design still needs: all of it, and by step. The same as long as it needs the same, so that no step is drawn anew. */
export function useProblems(missing: Problem[] | undefined): { all: Problem[]; of: Map<string, Problem[]> } {
  const all = missing ?? none;
  return useMemo(() => ({ all, of: byStep(all) }), [all]);
}
