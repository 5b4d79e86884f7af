import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { StepItem, Transaction } from "../api/schema";
import { edgesQuery, stepsQuery } from "../cycle/calls";
import { StepGraph } from "../cycle/StepGraph";
import { pathOf, waitOf } from "./path";
import { Waits } from "./Waits";

interface Props {
  account: string;
  of: Transaction;
  items: StepItem[];
  chosen: StepItem | undefined;
  onChoose(seq: number): void;
}

/** The graph of the transaction's cycle, with the way that it took, and why it waits. */
export function Graph({ account, of, items, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  // A cycle that was deleted has no graph any more; what the steps did is there all the same.
  const steps = useQuery(stepsQuery(account, of.CycleId)).data;
  const edges = useQuery(edgesQuery(account, of.CycleId)).data;
  const path = useMemo(() => edges && pathOf(of, items, edges), [of, items, edges]);
  if (!steps || !edges || steps.length === 0) return null;
  const why = waitOf(of, items, steps, edges);
  return (
    <>
      {why && <Waits of={of} why={why} />}
      <StepGraph
        label={t("transaction.path")}
        steps={steps}
        edges={edges}
        path={path}
        chosen={chosen?.StepId}
        onChoose={(step) => {
          const item = items.findLast((i) => i.StepId === step);
          if (item) onChoose(item.Seq);
        }}
      />
    </>
  );
}
