import { useTranslation } from "react-i18next";
import type { Invitation } from "../api/schema";
import { OnceDialog } from "../ui/OnceDialog";

/** Shows the link of an invitation, once: where there is no mail, somebody has to pass it on. */
export function LinkDialog({ invitation, onClose }: { invitation: Invitation; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <OnceDialog
      title={t("people.invite.linkTitle")}
      lead={t("people.invite.linkLead", { email: invitation.Email })}
      parts={[{ label: t("people.invite.link"), text: invitation.InvitationUrl ?? "" }]}
      onClose={onClose}
    />
  );
}
