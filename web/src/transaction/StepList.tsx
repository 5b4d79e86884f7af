import type { TFunction } from "i18next";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { StepItem } from "../api/schema";
import { StatusIcon } from "../ui/Status";
import { Duration } from "../ui/Time";
import classes from "./transaction.module.css";

interface Props {
  items: StepItem[];
  chosen: number;
  onChoose(seq: number): void;
}

/** The path that a transaction took, as a line from step to step. */
export function StepList({ items, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("steps.title")}>
      <ol className={classes.path} onKeyDown={arrowKeys}>
        {items.map((item) => (
          <li key={item.Seq}>
            <button
              type="button"
              className={classes.step}
              aria-current={item.Seq === chosen ? "step" : undefined}
              onClick={() => onChoose(item.Seq)}
            >
              <StatusIcon of={item.Outcome} />
              <span className={classes.stepName}>
                <strong>{item.StepName || item.StepId}</strong>
                <span>{about(item, t)}</span>
              </span>
              <span className={classes.stepTime}>
                <Duration from={item.StartedOnUtc} to={item.FinishedOnUtc} />
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** What is special about a step, in a few words. */
function about(item: StepItem, t: TFunction): string {
  const words = [];
  if (item.Response?.Status) words.push(String(item.Response.Status));
  if (item.Exit === "True" || item.Exit === "False") words.push(`→ ${item.Exit}`);
  if (item.Attempt > 1) words.push(t("steps.attempt", { n: item.Attempt }));
  if (item.Tasks > 0) words.push(t("steps.tasks", { count: item.Tasks }));
  return words.join(" · ");
}

function arrowKeys(e: KeyboardEvent<HTMLElement>): void {
  const move = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (!move) return;
  const buttons = [...e.currentTarget.querySelectorAll<HTMLElement>("button")];
  const next = buttons[buttons.indexOf(document.activeElement as HTMLElement) + move];
  e.preventDefault();
  next?.focus();
  next?.click();
}
