import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { usePageTitle } from "../shell/title";
import { CopyId } from "../ui/CopyId";
import { Failure } from "../ui/State";
import { Status } from "../ui/Status";
import { Zone } from "../ui/Time";
import classes from "./account.module.css";
import { Crumbs } from "./Crumbs";
import { accountQuery } from "./calls";
import { Figures } from "./Figures";

/** An account: what it is, its figures, and its sections. */
export function AccountPage() {
  const { t } = useTranslation();
  const { account: id } = useParams({ from: "/inside/accounts/$account" });
  const account = useQuery(accountQuery(id));
  const may = useMay();
  usePageTitle(account.data?.Name);

  if (account.isError) return <Failure error={account.error} onRetry={() => account.refetch()} />;
  const params = { account: id };
  const section = { className: classes.tab, activeProps: { "data-active": true } };
  return (
    <Zone value={account.data?.Timezone ?? "UTC"}>
      <Crumbs account={account.data} />
      <div className={classes.head}>
        {account.data ? <h1>{account.data.Name}</h1> : <Skeleton height={22} width={220} my={4} />}
        {account.data && <Status of={account.data.Enabled ? "Active" : "Suspended"} />}
        <CopyId id={id} whole />
      </div>
      {account.data?.Description && <p className={classes.about}>{account.data.Description}</p>}
      <Figures account={id} />
      <nav className={classes.tabs} aria-label={t("account.sections")}>
        <Link to="/accounts/$account/cycles" params={params} {...section}>
          {t("account.cycles")}
        </Link>
        <Link to="/accounts/$account/templates" params={params} {...section}>
          {t("account.templates")}
        </Link>
        <Link to="/accounts/$account/transactions" params={params} {...section}>
          {t("account.transactions")}
        </Link>
        <Link to="/accounts/$account/connectors" params={params} {...section}>
          {t("account.connectors")}
        </Link>
        <Link to="/accounts/$account/errors" params={params} {...section}>
          {t("account.errors")}
        </Link>
        <Link to="/accounts/$account/reports" params={params} {...section}>
          {t("account.reports")}
        </Link>
        {may("Users") && (
          <Link to="/accounts/$account/users" params={params} {...section}>
            {t("account.users")}
          </Link>
        )}
        <Link to="/accounts/$account/settings" params={params} {...section}>
          {t("account.settings")}
        </Link>
      </nav>
      <Outlet />
    </Zone>
  );
}
