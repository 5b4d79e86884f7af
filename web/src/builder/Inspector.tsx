import { Textarea, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { useContext, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./builder.module.css";
import { BuilderContext } from "./context";
import { change, type Design, exitsOf, kindOf, type Step } from "./design";
import { LeadsTo } from "./LeadsTo";
import { StepPolicy } from "./Policy";
import { said } from "./problems";
import { StepSetup } from "./StepSetup";
import setup from "./setup.module.css";
import { TestStep } from "./TestStep";

interface Props {
  step: Step;
  design: Design;
  /** It was just added, or asked for by name: who uses the keyboard goes on here. */
  called: boolean;
  act(change: (d: Design) => Design, part?: string): void;
  onClose(): void;
}

/** The step that is chosen: what it is, what it is set to, and where it leads. */
export function Inspector({ step, design, called, act, onClose }: Props) {
  const { t } = useTranslation();
  const { about, problems, locked } = useContext(BuilderContext);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (called) heading.current?.focus();
  }, [called]);
  const { connector, method } = about(step);
  const set = (to: Partial<Step>, part: string) => act((d) => change(d, step.Id, to), `${part} ${step.Id}`);
  const kind = kindOf(step);
  const missing = problems.get(step.Id) ?? [];
  return (
    <aside className={classes.inspector} aria-label={t("builder.step")}>
      <header>
        <h2 ref={heading} tabIndex={-1}>
          {step.Name}
        </h2>
        <button type="button" className="quiet icon" aria-label={t("action.close")} onClick={onClose}>
          <X size={16} aria-hidden />
        </button>
      </header>
      <p className="faint">
        {[connector?.Name, method?.Name].filter(Boolean).join(" · ") || t(`builder.kind.${kind}`)}
      </p>
      {missing.length > 0 && (
        <ul className={classes.missing}>
          {missing.map((p, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same may be missing twice
            <li key={i}>{said(p, step.Name)}</li>
          ))}
        </ul>
      )}
      <TextInput
        label={t("builder.name")}
        value={step.Name}
        readOnly={locked}
        onChange={(e) => set({ Name: e.currentTarget.value }, "name")}
      />
      <Textarea
        label={t(kind === "Annotation" ? "builder.text" : "builder.description")}
        rows={kind === "Annotation" ? 8 : 2}
        value={step.Description ?? ""}
        readOnly={locked}
        onChange={(e) => set({ Description: e.currentTarget.value }, "description")}
      />
      {kind === "Action" && <TestStep step={step} design={design} />}
      <StepSetup step={step} design={design} change={set} />
      {exitsOf(step).length > 0 && (
        <section className={setup.part}>
          {exitsOf(step).map((exit) => (
            <LeadsTo key={exit} step={step} exit={exit} design={design} locked={locked} act={act} />
          ))}
        </section>
      )}
      {(kind === "Action" || kind === "Webhook") && <StepPolicy step={step} locked={locked} change={set} />}
    </aside>
  );
}
