import { Button, Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { UserPlus, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Invitation } from "../api/schema";
import { useMay } from "../session/may";
import { Sessions } from "../session/Sessions";
import { Confirm } from "../ui/Confirm";
import { List, type ListColumn } from "../ui/List";
import { Refusal } from "../ui/Refusal";
import { Status } from "../ui/Status";
import { say } from "../ui/say";
import { Time } from "../ui/Time";
import { accountSessionsQuery, endAccountSession, type People, peopleQuery, usePeople } from "./calls";
import { Invitations } from "./Invitations";
import { ApiUser, Person } from "./Person";
import classes from "./people.module.css";
import { called, type Somebody } from "./person";

const InviteDialog = lazy(async () => ({ default: (await import("./InviteDialog")).InviteDialog }));
const LinkDialog = lazy(async () => ({ default: (await import("./LinkDialog")).LinkDialog }));

/** Who may enter an account, and who was invited. */
export function UsersTab() {
  const { t } = useTranslation();
  const { account } = useParams({ from: "/inside/accounts/$account/users" });
  const people = usePeople(account);
  const list = useQuery(peopleQuery(people, account, useSearch({ from: "/inside/accounts/$account/users" })));
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<Invitation | null>(null);
  const [removing, setRemoving] = useState<Somebody | null>(null);
  const may = useMay();
  const [mayEdit, mayManage] = [may("Users", "Edit"), may("Users", "Manage")];
  const { columns, error } = useColumns(people, setRemoving);
  const name = removing ? called(removing) : "";
  return (
    <>
      <Refusal error={error} />
      <List
        label={t("people.of.label")}
        list={list}
        columns={columns}
        rowKey={(u) => u.Id}
        cards
        search={t("people.search")}
        actions={
          mayEdit && (
            <Button leftSection={<UserPlus size={15} aria-hidden />} onClick={() => setInviting(true)}>
              {t("people.invite.act")}
            </Button>
          )
        }
        empty={{ icon: Users, title: t("people.of.empty"), hint: t("people.of.emptyHint") }}
      />
      <Invitations account={account} onLink={setLink} />
      <h2 className={classes.open}>{t("sessions.title")}</h2>
      <Sessions
        query={accountSessionsQuery(account, false)}
        end={mayManage ? endAccountSession(account) : undefined}
        by={{ label: t("people.username"), of: (s) => s.Username || t("people.of.program") }}
      />
      <Suspense>
        {inviting && <InviteDialog account={account} onLink={setLink} onClose={() => setInviting(false)} />}
        {link && <LinkDialog invitation={link} onClose={() => setLink(null)} />}
      </Suspense>
      {removing && (
        <Confirm
          stale={["users"]}
          title={t("people.of.removeTitle", { name })}
          act={t("people.of.remove")}
          done={t("people.of.removed", { name })}
          run={() => people.remove(removing.Username)}
          onClose={() => setRemoving(null)}
        >
          <p>{t("people.of.removeLead")}</p>
        </Confirm>
      )}
    </>
  );
}

function useColumns(people: People, onRemove: (user: Somebody) => void) {
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const level = useMutation({
    mutationFn: ({ user, to }: { user: Somebody; to: boolean }) => people.setLevel(user.Username, to),
    onSuccess: (_, { user, to }) => {
      say(t(to ? "people.of.nowAdministrator" : "people.of.nowStandard", { name: called(user) }));
      return queries.invalidateQueries({ queryKey: ["users"] });
    },
  });
  /** Somebody whose level is being changed is shown as it will be. */
  const changing = (user: Somebody) => level.isPending && level.variables.user.Id === user.Id;
  const administrator = (user: Somebody) => (
    <Switch
      size="sm"
      aria-label={t("people.administratorOf", { name: called(user) })}
      disabled={!may("Users", "Edit") || changing(user)}
      checked={changing(user) ? level.variables?.to : user.Administrator}
      onChange={(e) => level.mutate({ user, to: e.currentTarget.checked })}
    />
  );
  const remove = (user: Somebody) =>
    may("Users", "Manage") && (
      <Button
        size="xs"
        variant="default"
        aria-label={t("people.of.removeTitle", { name: called(user) })}
        onClick={() => onRemove(user)}
      >
        {t("people.of.remove")}
      </Button>
    );
  const last = (user: Somebody) => <Time at={user.LastSignInDate} none={t("time.never")} />;
  const columns: ListColumn<Somebody>[] = [
    { key: "name", label: t("people.name"), sort: "LastName", width: 150, cell: (u) => <Person user={u} /> },
    { key: "admin", label: t("people.administrator"), named: true, width: 40, cell: administrator },
    {
      key: "state",
      label: t("people.state"),
      wide: true,
      width: 70,
      cell: (u) => (u.ApiUser ? <ApiUser /> : <Status of="Active" plain />),
    },
    { key: "last", label: t("people.lastSignIn"), sort: "LastSignInDate", wide: true, width: 70, cell: last },
    { key: "act", label: t("cycles.action"), silent: true, right: true, width: 60, cell: remove },
  ];
  return { columns, error: level.error };
}
