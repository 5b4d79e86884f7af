import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { actionWords } from "../settings/audit";
import { Time } from "../ui/Time";
import { changesQuery } from "./calls";
import classes from "./dashboard.module.css";
import { Panel } from "./Panel";

/** What people and programs changed last. */
export function Changes() {
  const { t } = useTranslation();
  const query = useQuery(changesQuery);
  return (
    <Panel
      title={t("dashboard.changes")}
      more={<Link to="/settings/audit">{t("dashboard.all")}</Link>}
      query={query}
      nothing={t("dashboard.noChanges")}
      empty={(all) => all.length === 0}
    >
      {(all) => (
        <ul className={classes.rows}>
          {all.map((e) => (
            <li key={e.Id}>
              <span>
                <Link to="/settings/audit" search={{ action: e.Action }} className="row-link">
                  {actionWords(e.Action)}
                </Link>
                <small>
                  {e.Actor}
                  {e.Account && ` · ${e.Account}`}
                </small>
              </span>
              <span className={classes.figure}>
                <Time at={e.CreatedOnUtc} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
