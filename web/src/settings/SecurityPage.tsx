import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { endSession, sessionsQuery } from "../session/calls";
import { useMay } from "../session/may";
import { Sessions } from "../session/Sessions";
import { PageHead } from "../ui/PageHead";
import { Access } from "./Access";
import { teamQuery } from "./calls";
import { SingleSignOn } from "./SingleSignOn";
import classes from "./settings.module.css";

/** From where and how people and programs come in, and who is in. */
export function SecurityPage() {
  const { t } = useTranslation();
  const mayManage = useMay()("Security", "Manage");
  const team = useQuery(teamQuery({}, 1000)).data?.rows;
  return (
    <>
      <PageHead title={t("settings.security.title")} lead={t("settings.security.lead")} docs="console-users#networks" />
      <div className={classes.forms}>
        <Access />
        <SingleSignOn />
        <section className={classes.said}>
          <h2>{t("settings.security.guessing")}</h2>
          <p>{t("settings.security.guessingLead")}</p>
          <a href="/docs/console-users#guessing" target="_blank" rel="noreferrer">
            {t("action.learn")}
          </a>
        </section>
      </div>
      <section className={classes.part}>
        <h2>{t("sessions.title")}</h2>
        <p>{t("settings.security.sessionsLead")}</p>
        <Sessions
          query={sessionsQuery(false)}
          end={mayManage ? endSession : undefined}
          by={{
            label: t("sessions.person"),
            of: ({ ConsoleUserId: id }) => team?.find((u) => u.Id === id)?.Name ?? String(id),
          }}
        />
      </section>
    </>
  );
}
