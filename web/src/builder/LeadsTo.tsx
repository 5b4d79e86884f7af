import { NativeSelect } from "@mantine/core";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import classes from "./builder.module.css";
import { connect, type Design, type Exit, refuses, remove, type Step } from "./design";

interface Props {
  step: Step;
  exit: Exit;
  design: Design;
  locked: boolean;
  act(change: (d: Design) => Design, part?: string): void;
}

/** Where an exit leads; the same as drawing on the canvas, by keyboard. */
export function LeadsTo({ step, exit, design, locked, act }: Props) {
  const { t } = useTranslation();
  const edges = design.Edges.filter((e) => e.HeadStepId === step.Id && e.EdgeType === exit);
  const open = design.Steps.filter((s) => !refuses(design, step.Id, s.Id, exit));
  const name = (id: string) => design.Steps.find((s) => s.Id === id)?.Name ?? "";
  return (
    <fieldset className={classes.exits}>
      <legend>
        {exit === "Forward" ? t("builder.leadsTo") : t("builder.leadsBy", { exit: t(`builder.exit.${exit}`) })}
      </legend>
      {edges.length === 0 && open.length === 0 && <p className="faint">{t("builder.nowhere")}</p>}
      <ul>
        {edges.map((e) => (
          <li key={e.Id}>
            <span>{name(e.TailStepId)}</span>
            {!locked && (
              <button
                type="button"
                className="quiet icon"
                aria-label={t("builder.disconnect", { name: name(e.TailStepId) })}
                onClick={() => act((d) => remove(d, [], [e.Id]))}
              >
                <X size={14} aria-hidden />
              </button>
            )}
          </li>
        ))}
      </ul>
      {!locked && open.length > 0 && (
        <NativeSelect
          aria-label={t("builder.connect")}
          value=""
          data={[{ value: "", label: t("builder.connect") }, ...open.map((s) => ({ value: s.Id, label: s.Name }))]}
          onChange={(e) => {
            const tail = e.currentTarget.value;
            if (tail) act((d) => connect(d, step.Id, tail, exit));
          }}
        />
      )}
    </fieldset>
  );
}
