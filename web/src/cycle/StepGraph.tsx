import { useElementSize } from "@mantine/hooks";
import { Minus, PencilLine, Plus } from "lucide-react";
import { useId, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { CycleEdge, CycleStep } from "../api/schema";
import { kinds } from "../builder/design";
import { look } from "../builder/look";
import { StatusIcon } from "../ui/Status";
import { box, edgeKey, type Layout, layout, line } from "./layout";
import classes from "./StepGraph.module.css";

/** What became of a step. */
export type Came = "Success" | "Warning" | "Error" | "Waiting";

/** What a step is in one of two graphs that are compared. */
export type Mark = "added" | "removed" | "changed";

const marks = { added: Plus, removed: Minus, changed: PencilLine };

/** What is drawn of a step. */
export type DrawnStep = Pick<CycleStep, "Id" | "Name" | "DisplayPositionLeft" | "DisplayPositionTop"> & {
  ActionType: string;
  Method?: { Name: string } | null;
};

interface Props {
  label: string;
  steps: DrawnStep[];
  edges: CycleEdge[];
  /** Where a transaction went: what became of each step that it came to, and the edges that it took. */
  path?: { came: Map<string, Came>; taken: Set<string> };
  /** What differs from another graph, by step. */
  differs?: Map<string, Mark>;
  chosen?: string;
  onChoose(step: string): void;
}

/** The graph of a cycle to look at, small enough for its place; each step can be chosen. */
export function StepGraph({ label, steps, edges, path, differs, chosen, onChoose }: Props) {
  const { ref, width } = useElementSize();
  const drawn = useMemo(() => steps.filter((s) => s.ActionType !== "Annotation"), [steps]);
  const all = useMemo(() => layout(drawn, edges), [drawn, edges]);
  const scale = Math.min(1, Math.max(0.55, width / all.width));
  return (
    <div className={classes.frame} ref={ref}>
      <fieldset
        className={classes.graph}
        aria-label={label}
        style={{ width: all.width, height: all.height, zoom: scale }}
      >
        <Lines edges={edges} all={all} taken={path?.taken} />
        {drawn.map((s) => (
          <Step
            key={s.Id}
            of={s}
            all={all}
            came={path?.came.get(s.Id)}
            mark={differs?.get(s.Id)}
            aside={path !== undefined && !path.came.has(s.Id)}
            chosen={s.Id === chosen}
            onChoose={onChoose}
          />
        ))}
      </fieldset>
    </div>
  );
}

function Lines({ edges, all, taken }: { edges: CycleEdge[]; all: Layout; taken?: Set<string> }) {
  const { t } = useTranslation();
  const end = useId();
  return (
    <svg className={classes.lines} width={all.width} height={all.height} aria-hidden>
      <defs>
        <marker
          id={end}
          viewBox="0 0 8 8"
          refX="6"
          refY="4"
          markerUnits="userSpaceOnUse"
          markerWidth="9"
          markerHeight="9"
          orient="auto"
        >
          <path d="M 0 0 L 8 4 L 0 8 z" fill="context-stroke" />
        </marker>
      </defs>
      {edges.map((e) => {
        const [from, to] = [all.places.get(e.HeadStepId ?? ""), all.places.get(e.TailStepId ?? "")];
        if (!from || !to) return null;
        const exit = e.EdgeType === "True" || e.EdgeType === "False" ? e.EdgeType : undefined;
        return (
          <g
            key={edgeKey(e)}
            data-taken={taken?.has(edgeKey(e)) || undefined}
            data-aside={(taken && !taken.has(edgeKey(e))) || undefined}
          >
            <path d={line(from, to)} markerEnd={`url(#${end})`} />
            {exit && (
              <text x={(from.x + box.width + to.x) / 2} y={(from.y + to.y + box.height) / 2 - 6}>
                {t(`cycle.exit.${exit}`)}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

interface StepProps {
  of: DrawnStep;
  all: Layout;
  came: Came | undefined;
  mark: Mark | undefined;
  /** The transaction did not come to it. */
  aside: boolean;
  chosen: boolean;
  onChoose(step: string): void;
}

function Step({ of, all, came, mark, aside, chosen, onChoose }: StepProps) {
  const { t } = useTranslation();
  const at = all.places.get(of.Id);
  const { tone, Icon } = look({ ActionType: kinds[of.ActionType as keyof typeof kinds] });
  return (
    <button
      type="button"
      className={classes.step}
      data-tone={tone}
      data-came={came}
      data-mark={mark}
      data-aside={aside || undefined}
      aria-pressed={chosen}
      style={{ left: at?.x, top: at?.y, width: box.width, height: box.height }}
      onClick={() => onChoose(of.Id)}
    >
      {came ? <StatusIcon of={came} /> : <Icon size={16} className={classes.icon} aria-hidden />}
      <span className={classes.words}>
        <strong>{of.Name}</strong>
        {mark ? (
          <Marked as={mark} />
        ) : (
          <span>{of.Method?.Name ?? t(`cycle.kind.${of.ActionType as "Delay"}`, { defaultValue: of.ActionType })}</span>
        )}
      </span>
    </button>
  );
}

/** What differs, as an icon and a word. */
function Marked({ as }: { as: Mark }) {
  const { t } = useTranslation();
  const Icon = marks[as];
  return (
    <em className={classes.mark} data-mark={as}>
      <Icon size={11} strokeWidth={3} aria-hidden /> {t(`cycle.mark.${as}`)}
    </em>
  );
}
