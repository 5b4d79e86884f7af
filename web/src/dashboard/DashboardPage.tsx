import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { PageHead } from "../ui/PageHead";
import { Allowance } from "./Allowance";
import { Changes } from "./Changes";
import { Connectors } from "./Connectors";
import classes from "./dashboard.module.css";
import { Runs } from "./Runs";
import { FailingAccounts, Waiting } from "./Trouble";

/** How all accounts fare, and where to look first. */
export function DashboardPage() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <>
      <PageHead title={t("dashboard.title")} lead={t("dashboard.lead")} docs="usage#dashboard" />
      <Allowance />
      <Runs />
      <div className={classes.panels}>
        <FailingAccounts />
        <Waiting />
        <Connectors by="IncidentTasks" />
        <Connectors by="AverageMilliseconds" />
        {may("Security") && <Changes />}
      </div>
    </>
  );
}
