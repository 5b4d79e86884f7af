import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useContext } from "react";
import { useTranslation } from "react-i18next";
import frame from "../account/account.module.css";
import type { Cycle } from "../api/schema";
import { Count } from "../ui/Count";
import { exact, parseDate } from "../ui/format";
import { Sparkline } from "../ui/Sparkline";
import { Time, Zone } from "../ui/Time";
import { daysQuery } from "./calls";
import classes from "./cycle.module.css";
import { failing } from "./failing";
import { useSchedule } from "./schedule";

const days = 14;

/** When a cycle runs, and what came of it. */
export function Figures({ account, of }: { account: string; of: Cycle }) {
  const { t, i18n } = useTranslation();
  const words = useSchedule();
  const zone = useContext(Zone);
  const byDay = useQuery(daysQuery(account, of.Id, days)).data;
  const bars = (byDay ?? []).map((d) => ({ good: d.SuccessfulTasks, bad: d.IncidentTasks }));
  const next = parseDate(of.NextRunOnUtc);
  const share = failing(bars);
  return (
    <dl className={`${frame.figures} ${classes.figures}`}>
      <Figure label={t("cycles.schedule")} about={next && exact(next, zone, i18n.language)}>
        <span className={classes.value}>{of.RunOnce ? t("cycle.once") : words(of.Interval)}</span>
        {next && (
          <span>
            {t("cycle.next")} <Time at={of.NextRunOnUtc} />
          </span>
        )}
      </Figure>
      <Figure label={t("cycles.lastRun")}>
        <span className={classes.value}>
          <Time at={of.LastSuccessfulRunDate} none={t("time.never")} />
        </span>
      </Figure>
      <Figure label={t("cycles.inProgress")}>
        <strong>
          <Count n={of.InProgressTransactionCount} />
        </strong>
      </Figure>
      <Figure label={t("cycle.incidents")}>
        <strong>
          <Count n={of.ErrorCount + of.WarningCount} tone="bad" />
        </strong>
        {of.ErrorCount > 0 && <span>{t("cycle.errorsOfThem", { count: of.ErrorCount })}</span>}
      </Figure>
      <Figure label={t("cycle.tasksByDay", { count: days })}>
        <Sparkline bars={bars} label={t("cycle.tasksByDay", { count: days })} />
        {share !== null && <span>{t("cycle.failing", { share: percent(share, i18n.language) })}</span>}
      </Figure>
    </dl>
  );
}

const percent = (n: number, locale: string) =>
  new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(n);

function Figure({ label, about, children }: { label: string; about?: string | null; children: ReactNode }) {
  return (
    <div className={frame.figure}>
      <dt>{label}</dt>
      <dd>{children}</dd>
      {about && <dd className={classes.about}>{about}</dd>}
    </div>
  );
}
