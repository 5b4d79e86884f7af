import { Button, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { KeyRound, Pencil, Plus, Trash2, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { User } from "../api/schema";
import { useMay } from "../session/may";
import { List, type ListColumn } from "../ui/List";
import { PageHead } from "../ui/PageHead";
import { RowMenu } from "../ui/RowMenu";
import { Time } from "../ui/Time";
import { usersQuery } from "./calls";
import { ApiUser, Person } from "./Person";
import classes from "./people.module.css";
import { called } from "./person";

const UserDialog = lazy(async () => ({ default: (await import("./UserDialog")).UserDialog }));
const PasswordDialog = lazy(async () => ({ default: (await import("./PasswordDialog")).PasswordDialog }));
const DeleteDialog = lazy(async () => ({ default: (await import("./DeleteDialog")).DeleteDialog }));

type Asked = "edit" | "password" | "delete";
type Open = { what: "create"; user?: undefined } | { what: Asked; user: User };

/** User Management: the people of all accounts. */
export function UsersPage() {
  const { t } = useTranslation();
  const list = useQuery(usersQuery(useSearch({ from: "/inside/users" })));
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const mayEdit = useMay()("Users", "Edit");
  const columns = useColumns((what, user) => setOpen({ what, user }));
  const create = (
    <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => setOpen({ what: "create" })}>
      {t("people.create")}
    </Button>
  );
  return (
    <>
      <PageHead title={t("people.title")} lead={t("people.lead")} docs="people#user-management">
        {mayEdit && create}
      </PageHead>
      <List
        label={t("people.title")}
        list={list}
        columns={columns}
        rowKey={(u) => u.Id}
        cards
        search={t("people.search")}
        empty={{ icon: Users, title: t("people.empty"), hint: t("people.emptyHint") }}
      />
      <Suspense>
        {(open?.what === "create" || open?.what === "edit") && <UserDialog user={open.user} onClose={close} />}
        {open?.what === "password" && <PasswordDialog user={open.user} onClose={close} />}
        {open?.what === "delete" && <DeleteDialog user={open.user} onClose={close} />}
      </Suspense>
    </>
  );
}

function useColumns(onAsk: (what: Asked, user: User) => void): ListColumn<User>[] {
  const { t } = useTranslation();
  const mayEdit = useMay()("Users", "Edit");
  return [
    { key: "name", label: t("people.name"), sort: "LastName", width: 150, cell: (u) => <Person user={u} /> },
    {
      key: "username",
      label: t("people.username"),
      sort: "Username",
      wide: true,
      width: 120,
      cell: (u) => (u.ApiUser ? <ApiUser /> : u.Username),
    },
    { key: "accounts", label: t("people.accounts"), wide: true, width: 160, cell: (u) => <Memberships user={u} /> },
    {
      key: "last",
      label: t("people.lastSignIn"),
      sort: "LastSignInDate",
      named: true,
      width: 60,
      cell: (u) => <Time at={u.LastSignInDate} none={t("time.never")} />,
    },
    {
      key: "menu",
      label: t("cycles.action"),
      silent: true,
      right: true,
      width: 24,
      cell: (u) => mayEdit && <UserMenu user={u} onAsk={(what) => onAsk(what, u)} />,
    },
  ];
}

function UserMenu({ user, onAsk }: { user: User; onAsk(what: Asked): void }) {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <RowMenu label={t("people.menu", { name: called(user) })}>
      <Menu.Item leftSection={<Pencil size={14} aria-hidden />} onClick={() => onAsk("edit")}>
        {t("people.edit")}
      </Menu.Item>
      <Menu.Item leftSection={<KeyRound size={14} aria-hidden />} onClick={() => onAsk("password")}>
        {t("people.setPassword")}
      </Menu.Item>
      {may("Users", "Manage") && (
        <Menu.Item color="red" leftSection={<Trash2 size={14} aria-hidden />} onClick={() => onAsk("delete")}>
          {t("people.delete")}
        </Menu.Item>
      )}
    </RowMenu>
  );
}

/** As many accounts are named; the others are counted. */
const firstFew = 3;

function Memberships({ user }: { user: User }) {
  const { t } = useTranslation();
  if (user.Accounts.length === 0) return <span className="faint">{t("people.noAccounts")}</span>;
  return (
    <span className={classes.accounts}>
      {user.Accounts.slice(0, firstFew).map((a) => (
        <span key={a.AccountId}>
          <Link to="/accounts/$account/users" params={{ account: a.AccountId }} className="row-link">
            {a.AccountName}
          </Link>
          {a.Administrator && <span className={classes.level}>{t("people.administrator")}</span>}
        </span>
      ))}
      {user.Accounts.length > firstFew && (
        <span className="faint">{t("people.andMore", { count: user.Accounts.length - firstFew })}</span>
      )}
    </span>
  );
}
