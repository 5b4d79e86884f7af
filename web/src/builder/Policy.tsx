import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Code } from "../ui/Code";
import type { Step } from "./design";
import classes from "./setup.module.css";

/** What an error does, as a step and a design have it. */
export interface ErrorPolicy {
  StepErrorAction?: string;
  Retries?: number;
}

const actions = ["Ignore", "Retry", "StopTransaction", "StopIntegration"] as const;
const splits = ["First", "All", "None"] as const;

interface Props<T> {
  value: T;
  locked: boolean;
  /** What an empty choice means. */
  empty: string;
  onChange(to: T): void;
}

/** What an error does, and how often a call is tried again. */
export function ErrorChoice({ value, locked, empty, onChange }: Props<ErrorPolicy>) {
  const { t } = useTranslation();
  return (
    <div className={classes.pair}>
      <NativeSelect
        label={t("builder.errors.title")}
        disabled={locked}
        value={value.StepErrorAction ?? ""}
        data={[{ value: "", label: empty }, ...actions.map((a) => ({ value: a, label: t(`builder.errors.${a}`) }))]}
        onChange={(e) => {
          const StepErrorAction = e.currentTarget.value || undefined;
          onChange({ StepErrorAction, Retries: StepErrorAction === "Retry" ? value.Retries || 3 : undefined });
        }}
      />
      {value.StepErrorAction === "Retry" && (
        <NativeSelect
          label={t("builder.errors.retries")}
          disabled={locked}
          value={String(value.Retries ?? 1)}
          data={["1", "2", "3", "4", "5"]}
          onChange={(e) => onChange({ ...value, Retries: Number(e.currentTarget.value) })}
        />
      )}
    </div>
  );
}

/** What becomes of lists. */
export function SplitChoice({ value, locked, empty, onChange }: Props<string | undefined>) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      label={t("builder.split.title")}
      disabled={locked}
      value={value ?? ""}
      data={[{ value: "", label: empty }, ...splits.map((s) => ({ value: s, label: t(`builder.split.${s}`) }))]}
      onChange={(e) => onChange(e.currentTarget.value || undefined)}
    />
  );
}

interface StepProps {
  step: Step;
  locked: boolean;
  change(to: Partial<Step>, part: string): void;
}

/** What a step does differently from the design: errors, lists, and a script of its own. */
export function StepPolicy({ step, locked, change }: StepProps) {
  const { t } = useTranslation();
  const inherit = t("builder.inherit");
  const set = step.StepErrorAction || step.CollectionSplitType;
  return (
    <>
      <details className={classes.fold} open={Boolean(set)}>
        <summary>{t("builder.policy")}</summary>
        <ErrorChoice value={step} locked={locked} empty={inherit} onChange={policyOf} />
        <SplitChoice
          value={step.CollectionSplitType}
          locked={locked}
          empty={inherit}
          onChange={(CollectionSplitType) => change({ CollectionSplitType }, "split")}
        />
      </details>
      <StepScript step={step} locked={locked} change={change} />
    </>
  );

  function policyOf({ StepErrorAction, Retries }: ErrorPolicy) {
    change({ StepErrorAction, Retries }, "errors");
  }
}

/** A step's script; its editor comes when it is looked at. */
function StepScript({ step, locked, change }: StepProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(Boolean(step.Script));
  return (
    <details className={classes.fold} open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t("builder.script.title")}</summary>
      {open && (
        <div className={classes.source}>
          <p className={classes.says}>
            {t("builder.script.says")}{" "}
            <a href="/docs/scripts" target="_blank" rel="noreferrer">
              {t("action.learn")}
            </a>
          </p>
          <Code
            label={t("builder.script.title")}
            language="javascript"
            lines={10}
            readOnly={locked}
            value={step.Script ?? ""}
            onChange={(text) => change({ Script: text || undefined }, "script")}
          />
        </div>
      )}
    </details>
  );
}
