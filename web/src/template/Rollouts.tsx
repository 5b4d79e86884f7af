import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Rollout } from "../api/schema";
import { Status } from "../ui/Status";
import { Time } from "../ui/Time";
import { rolloutsQuery } from "../upgrade/calls";
import classes from "./template.module.css";

/** The newest rollouts of a template's releases, if there are any. */
export function Rollouts({ template }: { template: string }) {
  const { t } = useTranslation();
  const list = useQuery(rolloutsQuery(template)).data?.rows ?? [];
  if (list.length === 0) return null;
  return (
    <section className={classes.part} aria-label={t("template.rollouts")}>
      <h2>{t("template.rollouts")}</h2>
      <ul className={classes.rollouts}>
        {list.map((r) => (
          <Line key={r.Id} of={r} />
        ))}
      </ul>
    </section>
  );
}

function Line({ of }: { of: Rollout }) {
  const { t } = useTranslation();
  return (
    <li>
      <Link to="/templates/$template/rollouts/$rollout" params={{ template: of.TemplateId, rollout: of.Id }}>
        {t("template.rolloutOf", { version: of.Version })}
      </Link>
      <Status of={of.State} />
      <span>
        {t("template.rolloutDone", { done: of.Total - of.Counts.Pending, count: of.Total })}
        {of.Counts.Failed > 0 && <>, {t("template.rolloutFailed", { count: of.Counts.Failed })}</>}
      </span>
      <span className="faint">
        {of.CreatedBy} <Time at={of.CreatedOnUtc} />
      </span>
    </li>
  );
}
