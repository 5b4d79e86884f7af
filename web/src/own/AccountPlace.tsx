import { useQuery } from "@tanstack/react-query";
import { Outlet, useParams, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { accountQuery } from "../account/calls";
import { sectionOf } from "../account/sections";
import { usePageTitle } from "../shell/title";
import { Learn } from "../ui/Learn";
import { Zone } from "../ui/Time";
import classes from "./own.module.css";

/** A section of the account. */
export function AccountPlace() {
  const { t } = useTranslation();
  const { account: id } = useParams({ from: "/inside/accounts/$account" });
  const account = useQuery(accountQuery(id)).data;
  const here = useRouterState({ select: (s) => sectionOf(s.location.pathname) });
  const title = here && t(`account.${here.name}`);
  usePageTitle(title);
  return (
    <Zone value={account?.Timezone ?? "UTC"}>
      {here && (
        <div className={classes.head}>
          <h1>{title}</h1>
          <Learn docs={here.docs} />
        </div>
      )}
      <Outlet />
    </Zone>
  );
}
