import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Count } from "../ui/Count";
import { Failure } from "../ui/State";
import { allowanceQuery } from "./calls";
import classes from "./dashboard.module.css";
import { part } from "./figures";

/** The tasks of this month, and how much of the allowance they are. */
export function Allowance() {
  const { t, i18n } = useTranslation();
  const { data, error, isError, refetch } = useQuery(allowanceQuery);
  if (isError && !data) return <Failure error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={86} mb={16} />;

  const day = new Intl.DateTimeFormat(i18n.language, { day: "numeric", month: "long", timeZone: "UTC" });
  const last = new Date(new Date(data.EndTime).getTime() - 1);
  const { percent, tone } = part(data.TasksUsed, data.Allowance);
  const share = new Intl.NumberFormat(i18n.language, { style: "percent", maximumFractionDigits: 1 }).format(
    percent / 100,
  );
  return (
    <section className={classes.allowance} aria-label={t("dashboard.tasks")}>
      <div>
        <h2>{t("dashboard.tasks")}</h2>
        <span>{day.formatRange(new Date(data.StartTime), last)}</span>
      </div>
      <p>
        <strong>
          <Count n={data.TasksUsed} />
        </strong>{" "}
        {data.Allowance > 0 ? (
          <>
            {t("dashboard.of")} <Count n={data.Allowance} /> · {share}
          </>
        ) : (
          t("dashboard.noAllowance")
        )}
      </p>
      {data.Allowance > 0 && (
        <div
          className={classes.bar}
          data-tone={tone}
          role="progressbar"
          aria-label={t("dashboard.used", { share })}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.min(100, Math.round(percent))}
        >
          <div style={{ width: `${Math.min(100, percent)}%` }} />
        </div>
      )}
    </section>
  );
}
