import { Menu } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { MailPlus, MailX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Invitation } from "../api/schema";
import { useMay } from "../session/may";
import { Confirm } from "../ui/Confirm";
import { Refusal } from "../ui/Refusal";
import { RowMenu } from "../ui/RowMenu";
import { Failure } from "../ui/State";
import { Status } from "../ui/Status";
import { say } from "../ui/say";
import { Cell, type Column, Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { invitationsQuery, usePeople } from "./calls";
import classes from "./people.module.css";

interface Props {
  account: string;
  /** The invitation could not be mailed: its link is to be passed on. */
  onLink(of: Invitation): void;
}

/** Who was invited to an account and has not come yet; nothing if there is nobody. */
export function Invitations({ account, onLink }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const people = usePeople(account);
  const list = useQuery(invitationsQuery(people, account));
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  const again = useMutation({
    mutationFn: (i: Invitation) => people.resend(i.Id),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["users", "invitations"] });
      say(t("people.invite.resent", { email: made.Email }));
      if (made.InvitationUrl) onLink(made);
    },
  });
  if (list.isError && !list.data) return <Failure error={list.error} onRetry={() => list.refetch()} />;
  if (!list.data?.length) return null;
  const columns: Column[] = [
    { key: "email", label: t("people.email") },
    { key: "level", label: t("people.administrator"), wide: true },
    { key: "state", label: t("people.state"), wide: true },
    { key: "expires", label: t("people.invite.expires") },
    { key: "menu", label: t("cycles.action"), silent: true, right: true },
  ];
  return (
    <>
      <h2 className={classes.open}>{t("people.invite.open")}</h2>
      <Refusal error={again.error} />
      <Table label={t("people.invite.open")} columns={columns}>
        {list.data.map((i) => (
          <Row key={i.Id} invitation={i} onResend={() => again.mutate(i)} onRevoke={() => setRevoking(i)} />
        ))}
      </Table>
      {revoking && (
        <Confirm
          stale={["users"]}
          title={t("people.invite.revokeTitle", { email: revoking.Email })}
          act={t("people.invite.revoke")}
          done={t("people.invite.revoked", { email: revoking.Email })}
          run={() => people.revoke(revoking.Id)}
          onClose={() => setRevoking(null)}
        >
          <p>{t("people.invite.revokeLead")}</p>
        </Confirm>
      )}
    </>
  );
}

function Row({ invitation: i, onResend, onRevoke }: { invitation: Invitation; onResend(): void; onRevoke(): void }) {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <tr>
      <Cell>{i.Email}</Cell>
      <Cell wide>{i.Administrator && <span className={classes.level}>{t("people.administrator")}</span>}</Cell>
      <Cell wide>
        <Status of="Invited" plain />
      </Cell>
      <Cell>
        <Time at={i.ExpiresAtUtc} />
      </Cell>
      <Cell right>
        {may("Users", "Edit") && (
          <RowMenu label={t("people.invite.menu", { email: i.Email })}>
            <Menu.Item leftSection={<MailPlus size={14} aria-hidden />} onClick={onResend}>
              {t("people.invite.resend")}
            </Menu.Item>
            {may("Users", "Manage") && (
              <Menu.Item color="red" leftSection={<MailX size={14} aria-hidden />} onClick={onRevoke}>
                {t("people.invite.revoke")}
              </Menu.Item>
            )}
          </RowMenu>
        )}
      </Cell>
    </tr>
  );
}
