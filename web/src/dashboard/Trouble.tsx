import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Count } from "../ui/Count";
import { Time } from "../ui/Time";
import { failingQuery, waitsQuery } from "./calls";
import classes from "./dashboard.module.css";
import { byAccount, daysAgo } from "./figures";
import { Panel } from "./Panel";

/** Accounts with cycles whose runs failed since yesterday. */
export function FailingAccounts() {
  const { t } = useTranslation();
  const query = useQuery(failingQuery(daysAgo(1)));
  return (
    <Panel
      title={t("dashboard.failing")}
      query={query}
      nothing={t("dashboard.noneFailing")}
      empty={(d) => d.rows.length === 0}
    >
      {(d) => (
        <ul className={classes.rows}>
          {byAccount(d.rows).map((a) => (
            <li key={a.id}>
              <span>
                <Link to="/accounts/$account/errors" params={{ account: a.id }} className="row-link">
                  {a.name}
                </Link>
                <small>
                  {a.cycles.map((c) => (
                    <Link
                      key={c.CycleId}
                      to="/accounts/$account/transactions"
                      params={{ account: a.id }}
                      search={{ cycle: c.CycleId, status: "Failed" }}
                      title={c.StopReason}
                    >
                      {c.CycleName || t("dashboard.deleted")}
                    </Link>
                  ))}
                </small>
              </span>
              <span className={classes.figure}>
                <Count n={a.errors} tone="bad" /> {t("dashboard.failed", { count: a.errors })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Connectors whose third party says that there are too many requests. */
export function Waiting() {
  const { t } = useTranslation();
  const query = useQuery(waitsQuery);
  return (
    <Panel
      title={t("dashboard.waits")}
      query={query}
      nothing={t("dashboard.noWaits")}
      empty={(d) => d.rows.length === 0}
    >
      {(d) => (
        <ul className={classes.rows}>
          {d.rows.map((w) => (
            <li key={w.Id}>
              <span>
                <Link to="/accounts/$account/connectors" params={{ account: w.AccountId }} className="row-link">
                  {w.Name}
                </Link>
                <small>{w.AccountName}</small>
              </span>
              <span className={classes.figure}>
                {t("dashboard.until")} <Time at={w.UntilOnUtc} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
