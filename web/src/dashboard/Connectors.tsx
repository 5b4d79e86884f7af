import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Count } from "../ui/Count";
import { duration } from "../ui/format";
import { connectorsQuery, type Worst } from "./calls";
import classes from "./dashboard.module.css";
import { daysAgo } from "./figures";
import { Panel } from "./Panel";

/** The connectors with most of something in a week: errors, or time. */
export function Connectors({ by }: { by: Worst }) {
  const { t } = useTranslation();
  const start = daysAgo(6);
  const query = useQuery(connectorsQuery(start, by));
  return (
    <Panel
      title={t(`dashboard.${by}`)}
      query={query}
      nothing={t(`dashboard.none${by}`)}
      empty={(all) => !all.some((c) => c[by])}
    >
      {(all) => (
        <ul className={classes.rows}>
          {all
            .filter((c) => c[by])
            .map((c) => (
              <li key={`${c.Connector} ${c.ConnectorVersion}`}>
                <span>
                  <Link
                    to="/reports/$report"
                    params={{ report: "methods" }}
                    search={{ connector: c.Connector, from: start, sort: by, down: true }}
                    className="row-link"
                  >
                    {c.Connector || t("dashboard.unknown")}
                  </Link>
                  <small>{t("release.version", { version: c.ConnectorVersion })}</small>
                </span>
                <span className={classes.figure}>
                  {by === "IncidentTasks" ? (
                    <>
                      <Count n={c.IncidentTasks} tone="bad" /> {t("dashboard.ofTasks")} <Count n={c.TasksUsed} />
                    </>
                  ) : (
                    duration(c.AverageMilliseconds ?? 0)
                  )}
                </span>
              </li>
            ))}
        </ul>
      )}
    </Panel>
  );
}
