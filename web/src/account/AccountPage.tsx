import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { usePageTitle } from "../shell/title";
import { CopyId } from "../ui/CopyId";
import { Learn } from "../ui/Learn";
import { Failure } from "../ui/State";
import { Status } from "../ui/Status";
import { Zone } from "../ui/Time";
import { useChosenSeen } from "../ui/useChosenSeen";
import classes from "./account.module.css";
import { Crumbs } from "./Crumbs";
import { accountQuery } from "./calls";
import { Figures } from "./Figures";
import { sectionOf, sections } from "./sections";

/** An account: what it is, its figures, and its sections. */
export function AccountPage() {
  const { t } = useTranslation();
  const { account: id } = useParams({ from: "/inside/accounts/$account" });
  const account = useQuery(accountQuery(id));
  const may = useMay();
  const here = useRouterState({ select: (s) => sectionOf(s.location.pathname) });
  const tabs = useChosenSeen<HTMLElement>();
  usePageTitle(account.data && (here ? `${t(`account.${here.name}`)} · ${account.data.Name}` : account.data.Name));

  if (account.isError) return <Failure error={account.error} onRetry={() => account.refetch()} />;
  return (
    <Zone value={account.data?.Timezone ?? "UTC"}>
      <Crumbs account={account.data} />
      <div className={classes.head}>
        {account.data ? <h1>{account.data.Name}</h1> : <Skeleton height={22} width={220} my={4} />}
        {account.data && <Status of={account.data.Enabled ? "Active" : "Suspended"} />}
        <CopyId id={id} whole />
        {here && <Learn docs={here.docs} />}
      </div>
      {account.data?.Description && <p className={classes.about}>{account.data.Description}</p>}
      <Figures account={id} />
      <nav ref={tabs} className={classes.tabs} aria-label={t("account.sections")}>
        {sections
          .filter((s) => s.name !== "users" || may("Users"))
          .map(({ name }) => (
            <Link
              key={name}
              to={`/accounts/$account/${name}`}
              params={{ account: id }}
              className={classes.tab}
              activeProps={{ "data-active": true }}
            >
              {t(`account.${name}`)}
            </Link>
          ))}
      </nav>
      <Outlet />
    </Zone>
  );
}
