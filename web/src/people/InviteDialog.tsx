import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Invitation } from "../api/schema";
import { FormDialog } from "../ui/FormDialog";
import { SwitchField, TextField } from "../ui/field";
import { say } from "../ui/say";
import { usePeople } from "./calls";

interface Props {
  account: string;
  /** The invitation could not be mailed: its link is to be passed on. */
  onLink(of: Invitation): void;
  onClose(): void;
}

/** Invites somebody to an account, by email. */
export function InviteDialog({ account, onLink, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const people = usePeople(account);
  return (
    <FormDialog
      title={t("people.invite.title")}
      act={t("people.invite.send")}
      values={{ Email: "", Administrator: false }}
      save={(body) => people.invite(body)}
      onDone={(made) => {
        void queries.invalidateQueries({ queryKey: ["users"] });
        say(t("people.invite.sent", { email: made.Email }));
        onClose();
        if (made.InvitationUrl) onLink(made);
      }}
      onClose={onClose}
    >
      <TextField
        name="Email"
        type="email"
        label={t("people.invite.email")}
        autoComplete="off"
        required
        data-autofocus
      />
      <SwitchField
        name="Administrator"
        label={t("people.invite.administrator")}
        description={t("people.invite.administratorHint")}
      />
    </FormDialog>
  );
}
