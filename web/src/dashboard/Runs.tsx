import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Chart } from "../ui/Chart";
import { duration, short } from "../ui/format";
import { Failure } from "../ui/State";
import { runDaysQuery } from "./calls";
import classes from "./dashboard.module.css";

/** Runs, errors and how long runs took, by day. */
export function Runs() {
  const { t, i18n } = useTranslation();
  const days = useQuery(runDaysQuery);
  if (days.isError && !days.data) return <Failure error={days.error} onRetry={() => days.refetch()} />;
  if (!days.data) return <Skeleton height={252} mb={16} />;
  const names = days.data.map((d) => d.Day);
  return (
    <div className={classes.charts}>
      <Chart
        label={t("dashboard.runs")}
        days={names}
        series={[
          { label: t("dashboard.runs"), values: days.data.map((d) => d.Runs), colour: "accent-text", shape: "bars" },
          { label: t("dashboard.errors"), values: days.data.map((d) => d.Errors), colour: "bad", shape: "bars" },
        ]}
        show={(n) => short(n, i18n.language)}
      />
      <Chart
        label={t("dashboard.time")}
        days={names}
        series={[
          {
            label: t("dashboard.p95"),
            values: days.data.map((d) => (d.Runs ? d.P95Milliseconds : null)),
            colour: "busy",
            shape: "line",
          },
        ]}
        show={duration}
      />
    </div>
  );
}
