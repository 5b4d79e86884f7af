import { Button, Menu } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouteContext, useSearch } from "@tanstack/react-router";
import { MailPlus, Pencil, ShieldOff, Trash2, UserPlus, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConsoleUser } from "../api/schema";
import { useMay } from "../session/may";
import { List, type ListColumn } from "../ui/List";
import { OnceDialog } from "../ui/OnceDialog";
import { PageHead } from "../ui/PageHead";
import { Refusal } from "../ui/Refusal";
import { RowMenu } from "../ui/RowMenu";
import { Status } from "../ui/Status";
import { say } from "../ui/say";
import { Time } from "../ui/Time";
import { reinviteColleague, teamQuery } from "./calls";
import classes from "./settings.module.css";
import { held } from "./team";

const ColleagueDialog = lazy(async () => ({ default: (await import("./ColleagueDialog")).ColleagueDialog }));
const LeaveDialogs = lazy(async () => ({ default: (await import("./LeaveDialogs")).LeaveDialogs }));

type Asked = { what: "invite" } | { what: "edit" | "remove" | "reset"; user: ConsoleUser };

/** The partner's own team, and what each may do. */
export function TeamPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const list = useQuery(teamQuery(useSearch({ from: "/inside/settings/users" })));
  const [asked, setAsked] = useState<Asked | null>(null);
  const [link, setLink] = useState<ConsoleUser | null>(null);
  const mayManage = useMay()("Security", "Manage");
  const invited = (made: ConsoleUser) => {
    void queries.invalidateQueries({ queryKey: ["consoleusers"] });
    say(t("settings.team.invited", { email: made.Email }));
    if (made.InvitationUrl) setLink(made);
  };
  const again = useMutation({ mutationFn: (u: ConsoleUser) => reinviteColleague(u.Id), onSuccess: invited });
  const close = () => setAsked(null);
  return (
    <>
      <PageHead title={t("settings.team.title")} lead={t("settings.team.lead")} docs="console-users">
        {mayManage && (
          <Button leftSection={<UserPlus size={15} aria-hidden />} onClick={() => setAsked({ what: "invite" })}>
            {t("settings.team.invite")}
          </Button>
        )}
      </PageHead>
      <Refusal error={again.error} />
      <List
        label={t("settings.team.title")}
        list={list}
        columns={useColumns(mayManage, setAsked, again.mutate)}
        rowKey={(u) => u.Id}
        cards
        search={t("settings.team.search")}
        empty={{ icon: Users, title: t("settings.team.empty") }}
      />
      <Suspense>
        {asked?.what === "invite" && <ColleagueDialog onInvited={invited} onClose={close} />}
        {asked?.what === "edit" && <ColleagueDialog user={asked.user} onInvited={invited} onClose={close} />}
        {(asked?.what === "remove" || asked?.what === "reset") && (
          <LeaveDialogs what={asked.what} user={asked.user} onClose={close} />
        )}
      </Suspense>
      {link && (
        <OnceDialog
          title={t("settings.team.linkTitle")}
          lead={t("settings.team.linkLead", { email: link.Email })}
          parts={[{ label: t("settings.team.link"), text: link.InvitationUrl ?? "" }]}
          onClose={() => setLink(null)}
        />
      )}
    </>
  );
}

function useColumns(
  mayManage: boolean,
  onAsk: (a: Asked) => void,
  onResend: (u: ConsoleUser) => void,
): ListColumn<ConsoleUser>[] {
  const { t } = useTranslation();
  const { session } = useRouteContext({ from: "/inside" });
  return [
    {
      key: "name",
      label: t("settings.team.name"),
      sort: "Name",
      cell: (u) => (
        <div className={classes.two}>
          <strong>
            {u.Name}
            {u.Id === session.Id && <span className={classes.tag}>{t("settings.team.you")}</span>}
          </strong>
          {u.Name !== u.Email && <span>{u.Email}</span>}
        </div>
      ),
    },
    { key: "may", label: t("settings.team.may"), cell: (u) => <May user={u} /> },
    {
      key: "state",
      label: t("settings.team.factor"),
      wide: true,
      cell: (u) =>
        u.Invited ? (
          <Status of="Invited" plain />
        ) : u.TwoFactor ? (
          <Status of="Active" word={t("settings.team.factorOn")} plain />
        ) : (
          <span className="faint">{t("settings.team.factorOff")}</span>
        ),
    },
    {
      key: "created",
      label: t("settings.created"),
      sort: "CreatedDate",
      wide: true,
      cell: (u) => <Time at={u.CreatedDate} />,
    },
    {
      key: "menu",
      label: t("settings.actions"),
      silent: true,
      right: true,
      cell: (u) => mayManage && u.Id !== session.Id && <Actions user={u} onAsk={onAsk} onResend={onResend} />,
    },
  ];
}

/** What somebody may do, in short. */
function May({ user }: { user: ConsoleUser }) {
  const { t } = useTranslation();
  if (user.FullAccess) return <span className={classes.tag}>{t("settings.team.full")}</span>;
  const all = held(user);
  if (all.length === 0) return <span className="faint">{t("settings.team.nothing")}</span>;
  return (
    <span className={classes.tags}>
      {all.map(([area, level]) => (
        <span key={area} className={classes.tag}>
          {t("settings.team.held", { area: t(`settings.areas.${area}`), level: t(`settings.levels.${level}`) })}
        </span>
      ))}
    </span>
  );
}

interface ActionsProps {
  user: ConsoleUser;
  onAsk(a: Asked): void;
  onResend(u: ConsoleUser): void;
}

function Actions({ user, onAsk, onResend }: ActionsProps) {
  const { t } = useTranslation();
  return (
    <RowMenu label={t("settings.menu", { name: user.Name })}>
      <Menu.Item leftSection={<Pencil size={14} aria-hidden />} onClick={() => onAsk({ what: "edit", user })}>
        {t("settings.team.edit")}
      </Menu.Item>
      {user.Invited && (
        <Menu.Item leftSection={<MailPlus size={14} aria-hidden />} onClick={() => onResend(user)}>
          {t("settings.team.resend")}
        </Menu.Item>
      )}
      {user.TwoFactor && (
        <Menu.Item leftSection={<ShieldOff size={14} aria-hidden />} onClick={() => onAsk({ what: "reset", user })}>
          {t("settings.team.reset")}
        </Menu.Item>
      )}
      <Menu.Item
        color="red"
        leftSection={<Trash2 size={14} aria-hidden />}
        onClick={() => onAsk({ what: "remove", user })}
      >
        {t(user.Invited ? "settings.team.revoke" : "settings.team.remove")}
      </Menu.Item>
    </RowMenu>
  );
}
