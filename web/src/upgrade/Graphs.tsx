import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Graph, Release } from "../api/schema";
import { kindOf } from "../builder/design";
import { graphQuery } from "../cycle/calls";
import { changes } from "../cycle/changes";
import { type DrawnStep, type Mark, StepGraph } from "../cycle/StepGraph";
import classes from "./upgrade.module.css";

interface Props {
  template: string;
  before: Release;
  after: Release;
  /** A step that is shown in both. */
  chosen?: string;
  onChoose(step: string): void;
}

/** Two releases as graphs, side by side; what is chosen in one is chosen in the other. */
export function Graphs({ template, before, after, chosen, onChoose }: Props) {
  const from = useQuery(graphQuery(template, before.Id)).data;
  const to = useQuery(graphQuery(template, after.Id)).data;
  const differs = useMemo(() => (from && to ? marksOf(from, to) : undefined), [from, to]);
  if (!from || !to || !differs) return <Skeleton height={240} radius={10} />;
  return (
    <div className={classes.graphs}>
      {[
        { of: before, graph: from },
        { of: after, graph: to },
      ].map(({ of, graph }, i) => (
        <One
          key={i === 0 ? "before" : "after"}
          of={of}
          graph={graph}
          differs={differs}
          chosen={chosen}
          onChoose={onChoose}
        />
      ))}
    </div>
  );
}

interface OneProps {
  of: Release;
  graph: Graph;
  differs: Map<string, Mark>;
  chosen?: string;
  onChoose(step: string): void;
}

function One({ of, graph, differs, chosen, onChoose }: OneProps) {
  const { t } = useTranslation();
  const steps = useMemo(() => drawn(graph), [graph]);
  const absent = chosen && !steps.some((s) => s.Id === chosen);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (chosen)
      place.current?.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [chosen]);
  return (
    <figure className={classes.graph} ref={place}>
      <figcaption>
        {t("release.version", { version: of.Version })}
        <span role="status">{absent && t("upgrade.absent")}</span>
      </figcaption>
      <StepGraph
        label={t("upgrade.graphOf", { version: of.Version })}
        steps={steps}
        edges={graph.Edges ?? []}
        differs={differs}
        chosen={chosen}
        onChoose={onChoose}
      />
    </figure>
  );
}

const marksOf = (from: Graph, to: Graph) => new Map(changes(from, to).map((c) => [c.id, c.what]));

const drawn = (g: Graph): DrawnStep[] =>
  (g.Steps ?? []).map((s) => ({
    Id: s.Id ?? "",
    Name: s.Name ?? "",
    ActionType: kindOf({ ActionType: s.ActionType ?? 1 }),
    DisplayPositionLeft: s.DisplayPositionLeft ?? 0,
    DisplayPositionTop: s.DisplayPositionTop ?? 0,
  }));
