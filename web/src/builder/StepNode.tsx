import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { Plus, TriangleAlert } from "lucide-react";
import { memo, useContext } from "react";
import { useTranslation } from "react-i18next";
import { ConnectorIcon } from "../connector/ConnectorIcon";
import classes from "./canvas.module.css";
import { BuilderContext } from "./context";
import { exitsOf, kindOf, type Step } from "./design";
import { look } from "./look";

export type StepNodeType = Node<{ step: Step }, "step" | "note">;

/** A step on the canvas. */
export const StepNode = memo(function StepNode({ data: { step }, selected }: NodeProps<StepNodeType>) {
  const { t } = useTranslation();
  const { about, problems, path, locked, onAddAfter } = useContext(BuilderContext);
  const { connector, method } = about(step);
  const { tone, Icon } = look(step, method);
  const faults = problems.get(step.Id)?.length ?? 0;
  const exits = exitsOf(step);
  const came = path?.came.get(step.Id);
  return (
    <div
      className={classes.step}
      data-tone={tone}
      data-came={came}
      data-selected={selected || undefined}
      data-unfinished={faults > 0 || undefined}
    >
      <Handle type="target" position={Position.Left} className={classes.handle} isConnectable={!locked} />
      <span className={classes.icon}>
        {connector ? <ConnectorIcon icon={connector.Icon} name={connector.Name} /> : <Icon size={18} aria-hidden />}
      </span>
      <span className={classes.words}>
        <strong>{step.Name}</strong>
        <span>{method?.Name ?? connector?.Name ?? t(`builder.kind.${kindOf(step)}`)}</span>
      </span>
      {came && <span className="sr-only">{t(`status.${came}`)}</span>}
      {faults > 0 && (
        <span className={classes.fault} role="img" aria-label={t("builder.problems.count", { count: faults })}>
          <TriangleAlert size={14} aria-hidden />
        </span>
      )}
      {exits.map((exit) => (
        <Handle
          key={exit}
          id={exit}
          type="source"
          position={Position.Right}
          className={classes.handle}
          data-exit={exit}
          isConnectable={!locked}
        />
      ))}
      {!locked && (
        <button
          type="button"
          className={`nodrag ${classes.add}`}
          aria-label={t("builder.addAfter", { name: step.Name })}
          onClick={(e) => {
            e.stopPropagation();
            onAddAfter(step.Id);
          }}
        >
          <Plus size={14} aria-hidden />
        </button>
      )}
    </div>
  );
});

/** A note to people, on the canvas. */
export const NoteNode = memo(function NoteNode({ data: { step }, selected }: NodeProps<StepNodeType>) {
  return (
    <div className={classes.note} data-selected={selected || undefined}>
      <strong>{step.Name}</strong>
      {step.Description && <p>{step.Description}</p>}
    </div>
  );
});
