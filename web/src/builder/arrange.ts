import dagre from "@dagrejs/dagre";
import { type Design, gap, kinds, type Place } from "./design";

/** How large a step is on the canvas, in pixels. */
export const size = { width: 200, height: 64 };

/** Places for all steps: from left to right as they lead to each other. Annotations stay where they are. */
export function arrange(d: Design): Map<string, Place> {
  const g = new dagre.graphlib.Graph();
  g.setGraph({
    rankdir: "LR",
    ranksep: gap.left - size.width,
    nodesep: gap.top - size.height,
    marginx: 40,
    marginy: 40,
  });
  g.setDefaultEdgeLabel(() => ({}));
  const steps = d.Steps.filter((s) => s.ActionType !== kinds.Annotation);
  for (const s of steps) g.setNode(s.Id, { ...size });
  for (const e of d.Edges) g.setEdge(e.HeadStepId, e.TailStepId);
  dagre.layout(g);
  return new Map(
    steps.map((s) => {
      const { x = 0, y = 0 } = g.node(s.Id);
      return [s.Id, { left: x - size.width / 2, top: y - size.height / 2 }];
    }),
  );
}

/** A free place for a step that comes after another, or after all. */
export function freePlace(d: Design, after?: string): Place {
  const before = d.Steps.find((s) => s.Id === after) ?? d.Steps.at(-1);
  if (!before) return { left: 80, top: 160 };
  const at = { left: before.DisplayPositionLeft + gap.left, top: before.DisplayPositionTop };
  const taken = () =>
    d.Steps.some(
      (s) =>
        Math.abs(s.DisplayPositionLeft - at.left) < size.width && Math.abs(s.DisplayPositionTop - at.top) < size.height,
    );
  while (taken()) at.top += gap.top;
  return at;
}
