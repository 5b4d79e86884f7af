import { useQuery } from "@tanstack/react-query";
import { Outlet, useParams, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { accountQuery } from "../account/calls";
import { usePageTitle } from "../shell/title";
import { Zone } from "../ui/Time";
import classes from "./own.module.css";
import { sectionOf, sections } from "./places";

/** A section of the account. */
export function AccountPlace() {
  const { t } = useTranslation();
  const { account: id } = useParams({ from: "/inside/accounts/$account" });
  const account = useQuery(accountQuery(id)).data;
  const here = useRouterState({ select: (s) => sectionOf(s.location.pathname) });
  const section = sections.find((s) => s.name === here);
  const title = section && t(`account.${section.name}`);
  usePageTitle(title);
  return (
    <Zone value={account?.Timezone ?? "UTC"}>
      {title && <h1 className={classes.head}>{title}</h1>}
      <Outlet />
    </Zone>
  );
}
