import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import classes from "./builder.module.css";
import { BuilderContext } from "./context";
import { change, connect, type Design, type Exit, exitsOf, kindOf, refuses, remove, type Step } from "./design";

interface Props {
  step: Step;
  design: Design;
  locked: boolean;
  act(change: (d: Design) => Design, part?: string): void;
  onClose(): void;
}

/** The step that is chosen: what it is, and where it leads. */
export function Inspector({ step, design, locked, act, onClose }: Props) {
  const { t } = useTranslation();
  const { about } = useContext(BuilderContext);
  const { connector, method } = about(step);
  return (
    <aside className={classes.inspector} aria-label={t("builder.step")}>
      <header>
        <h2>{step.Name}</h2>
        <button type="button" className="quiet icon" aria-label={t("action.close")} onClick={onClose}>
          <X size={16} aria-hidden />
        </button>
      </header>
      <p className="faint">
        {[connector?.Name, method?.Name].filter(Boolean).join(" · ") || t(`builder.kind.${kindOf(step)}`)}
      </p>
      <TextInput
        label={t("builder.name")}
        value={step.Name}
        readOnly={locked}
        onChange={(e) => {
          const Name = e.currentTarget.value;
          act((d) => change(d, step.Id, { Name }), `name ${step.Id}`);
        }}
      />
      <Textarea
        label={t("builder.description")}
        rows={3}
        value={step.Description ?? ""}
        readOnly={locked}
        onChange={(e) => {
          const Description = e.currentTarget.value;
          act((d) => change(d, step.Id, { Description }), `description ${step.Id}`);
        }}
      />
      {exitsOf(step).map((exit) => (
        <LeadsTo key={exit} step={step} exit={exit} design={design} locked={locked} act={act} />
      ))}
    </aside>
  );
}

/** Where an exit leads; the same as drawing on the canvas, by keyboard. */
function LeadsTo({ step, exit, design, locked, act }: Omit<Props, "onClose"> & { exit: Exit }) {
  const { t } = useTranslation();
  const edges = design.Edges.filter((e) => e.HeadStepId === step.Id && e.EdgeType === exit);
  const open = design.Steps.filter((s) => !refuses(design, step.Id, s.Id, exit));
  const name = (id: string) => design.Steps.find((s) => s.Id === id)?.Name ?? "";
  return (
    <fieldset className={classes.exits}>
      <legend>
        {exit === "Forward" ? t("builder.leadsTo") : t("builder.leadsBy", { exit: t(`builder.exit.${exit}`) })}
      </legend>
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
