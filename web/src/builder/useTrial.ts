import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Edge } from "../api/schema";
import type { Path } from "../transaction/path";
import { designQuery } from "./calls";
import type { Trial } from "./TrialDialog";
import { origins, pathOn } from "./trialRun";
import { type Run, useRun } from "./useRun";

/** How often the state of a test that runs is asked for, in milliseconds. */
const again = 3_000;
const none: Edge[] = [];

/** A test cycle, and how its run is getting on. */
export interface TrialRun {
  trial?: Trial;
  /** It has not ended yet. */
  runs: boolean;
  run?: Run;
  /** Its way, on the steps of the template. */
  path?: Path;
  /** Looks at once how it is getting on. */
  anew(): void;
}

/** Follows the run of a test cycle, from when there is one. */
export function useTrial(trial: Trial | undefined): TrialRun {
  const { account, cycle } = trial ?? { account: "", cycle: "" };
  const queries = useQueryClient();
  const query = designQuery(account, cycle);
  const design = useQuery({
    ...query,
    enabled: trial !== undefined,
    refetchInterval: (q) => (q.state.data?.Status === "Paused" ? false : again),
  }).data;
  const runs = design !== undefined && design.Status !== "Paused";
  const run = useRun(account, cycle, trial !== undefined, design?.Graph?.Edges ?? none);
  const steps = design?.Graph?.Steps;
  const path = useMemo(() => (run && steps ? pathOn(run.path, origins(steps)) : undefined), [run, steps]);
  return { trial, runs, run, path, anew: () => void queries.invalidateQueries({ queryKey: query.queryKey }) };
}
