import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Account } from "../api/schema";
import { useOwn } from "../session/may";
import { Crumbs as Way } from "../ui/Crumbs";
import { accountQuery } from "./calls";

/** The way here: all accounts, the one above, and what is given. An account's own people see neither. */
export function Crumbs({ account, children }: { account: Account | undefined; children?: ReactNode[] }) {
  const { t } = useTranslation();
  const parentId = account?.ParentAccountId ?? "";
  const parent = useQuery({ ...accountQuery(parentId), enabled: parentId !== "" });
  const own = useOwn();
  if (own) return <Way>{children ?? []}</Way>;
  const links: ReactNode[] = [
    <Link to="/accounts" key="accounts">
      {t("accounts.title")}
    </Link>,
  ];
  if (parentId) {
    links.push(
      <Link to="/accounts/$account/cycles" params={{ account: parentId }} key="parent">
        {parent.data?.Name ?? parentId}
      </Link>,
    );
  }
  return <Way>{[...links, ...(children ?? [])]}</Way>;
}
