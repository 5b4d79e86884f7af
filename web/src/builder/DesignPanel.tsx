import { Checkbox, Skeleton } from "@mantine/core";
import { CircleCheck, TriangleAlert, X } from "lucide-react";
import { type ReactNode, useContext } from "react";
import { useTranslation } from "react-i18next";
import { Learn } from "../ui/Learn";
import classes from "./builder.module.css";
import { BuilderContext } from "./context";
import type { Design } from "./design";
import { ErrorChoice, SplitChoice } from "./Policy";
import { type Problem, said } from "./problems";
import setup from "./setup.module.css";
import { Variables } from "./Variables";

interface Props {
  design: Design;
  /** None are known yet. */
  checking: boolean;
  problems: Problem[];
  /** What concerns this kind of design alone. */
  extra?: ReactNode;
  act(change: (d: Design) => Design, part?: string): void;
  onOpen(step: string): void;
  onClose(): void;
}

/** What concerns the whole design: what is missing, its settings and its variables. */
export function DesignPanel({ design, checking, problems, extra, act, onOpen, onClose }: Props) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  return (
    <aside className={classes.inspector} aria-label={t("builder.design.title")}>
      <header>
        <h2 tabIndex={-1}>{t("builder.design.title")}</h2>
        <button type="button" className="quiet icon" aria-label={t("action.close")} onClick={onClose}>
          <X size={16} aria-hidden />
        </button>
      </header>
      <Learn docs="builder" />
      <Problems {...{ design, checking, problems, onOpen }} />
      {extra}
      <section className={setup.part}>
        <h3>{t("builder.design.settings")}</h3>
        <ErrorChoice
          value={design}
          locked={locked}
          empty={t("builder.errors.default")}
          onChange={({ StepErrorAction, Retries }) => act((d) => ({ ...d, StepErrorAction, Retries }))}
        />
        <SplitChoice
          value={design.CollectionSplitType}
          locked={locked}
          empty={t("builder.split.default")}
          onChange={(CollectionSplitType) => act((d) => ({ ...d, CollectionSplitType }))}
        />
        <Checkbox
          label={t("builder.design.omit")}
          description={t("builder.design.omitSays")}
          disabled={locked}
          checked={Boolean(design.OmitRequests)}
          onChange={(e) => {
            const OmitRequests = e.currentTarget.checked || undefined;
            act((d) => ({ ...d, OmitRequests }));
          }}
        />
      </section>
      <Variables design={design} act={act} />
    </aside>
  );
}

function Problems({ design, checking, problems, onOpen }: Pick<Props, "design" | "checking" | "problems" | "onOpen">) {
  const { t } = useTranslation();
  const name = (id: string | undefined) => design.Steps.find((s) => s.Id === id)?.Name;
  return (
    <section className={setup.part}>
      <h3>{t("builder.problems.title")}</h3>
      {checking && <Skeleton height={16} />}
      {!checking && problems.length === 0 && (
        <p className={setup.good}>
          <CircleCheck size={15} aria-hidden />
          {t("builder.problems.none")}
        </p>
      )}
      <ul className={setup.problems}>
        {problems.map((p, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same may be missing twice
          <li key={i}>
            <TriangleAlert size={14} aria-hidden />
            <span>
              {name(p.StepId) && (
                <button type="button" onClick={() => onOpen(p.StepId ?? "")}>
                  {name(p.StepId)}
                </button>
              )}
              {said(p, name(p.StepId))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
