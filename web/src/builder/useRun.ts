import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Edge, Transaction } from "../api/schema";
import { stepItemsQuery } from "../transaction/calls";
import { type Path, pathOf } from "../transaction/path";
import { useLive } from "../transaction/useLive";

/** The newest transaction of a run that is watched, and the way that it went so far. */
export interface Run {
  transaction: Transaction;
  path: Path;
}

/** Follows what a cycle does from when it is seen to run; what it came to stays in sight after it has stopped. */
export function useRun(account: string, cycle: string, runs: boolean, edges: Edge[]): Run | undefined {
  const queries = useQueryClient();
  const [began] = useState(() => Date.now());
  const [latest, setNewest] = useState<Transaction>();
  const newest = latest?.CycleId === cycle ? latest : undefined;
  const items = stepItemsQuery(account, cycle, newest?.Id ?? "");
  const steps = useQuery({ ...items, enabled: newest !== undefined });
  const anew = () => void queries.invalidateQueries({ queryKey: items.queryKey });
  useLive({
    account,
    cycle,
    enabled: runs || (newest !== undefined && newest.FinishedOnUtc === null),
    onTransactions: (changed) => {
      const [found] = changed
        .filter((x) => Date.parse(x.CreatedOnUtc) >= began)
        .sort((a, b) => Date.parse(b.CreatedOnUtc) - Date.parse(a.CreatedOnUtc));
      if (found) setNewest((now) => (now?.CycleId === cycle && now.CreatedOnUtc > found.CreatedOnUtc ? now : found));
      anew();
    },
    onResume: anew,
  });
  return useMemo(
    () => newest && { transaction: newest, path: pathOf(newest, steps.data ?? [], edges) },
    [newest, steps.data, edges],
  );
}
