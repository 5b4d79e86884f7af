import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Rollout } from "../api/schema";
import { templateQuery } from "../template/calls";
import { PageHead } from "../ui/PageHead";
import { Failure } from "../ui/State";
import { Status } from "../ui/Status";
import { Time } from "../ui/Time";
import { Way } from "./ComparePage";
import { rolloutQuery } from "./calls";
import { Rolled } from "./Rolled";
import { Steering } from "./Steering";
import classes from "./upgrade.module.css";
import { useRollout } from "./useRollout";

/** A rollout: how far it has come, and what became of each cycle. */
export function RolloutPage() {
  const { template: id, rollout } = useParams({ from: "/inside/templates/$template/rollouts/$rollout" });
  const template = useQuery(templateQuery(id));
  const of = useQuery(rolloutQuery(id, rollout));
  useRollout(id, rollout, of.data !== undefined && !of.data.EndedOnUtc);
  const error = (!of.data && of.error) || template.error;
  if (error) return <Failure error={error} onRetry={() => Promise.all([template.refetch(), of.refetch()])} />;
  if (!template.data || !of.data) return <Skeleton height={280} radius={10} />;
  return <Loaded way={<Way of={template.data} />} of={of.data} />;
}

function Loaded({ way, of }: { way: ReactNode; of: Rollout }) {
  const { t } = useTranslation();
  return (
    <>
      {way}
      <PageHead title={t("upgrade.rollout", { version: of.Version })} docs="templates#rollouts">
        <Steering of={of} />
      </PageHead>
      <Progress of={of} />
      <Rolled of={of} />
    </>
  );
}

/** How far it has come. */
function Progress({ of }: { of: Rollout }) {
  const { t } = useTranslation();
  const done = of.Total - of.Counts.Pending;
  return (
    <section className={classes.progress} aria-label={t("upgrade.progress")}>
      <div className={classes.progressHead}>
        <p role="status">
          <Status of={of.State} /> {t("upgrade.done", { done, count: of.Total })}
          {of.Counts.Failed > 0 && <strong> {t("upgrade.failed", { count: of.Counts.Failed })}</strong>}
        </p>
        <span className="faint">
          {of.CreatedBy} <Time at={of.CreatedOnUtc} />
        </span>
      </div>
      <progress value={done} max={of.Total || 1} aria-label={t("upgrade.progress")} />
      {of.Reason && <p className={classes.refusal}>{of.Reason}</p>}
      {of.State === "Running" && <p className="faint">{t("upgrade.leave")}</p>}
    </section>
  );
}
