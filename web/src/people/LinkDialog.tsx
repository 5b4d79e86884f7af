import { Button, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Invitation } from "../api/schema";
import { CopyButton } from "../ui/CopyButton";
import dialog from "../ui/Dialog.module.css";
import classes from "./people.module.css";

/** Shows the link of an invitation, once: where there is no mail, somebody has to pass it on. */
export function LinkDialog({ invitation, onClose }: { invitation: Invitation; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("people.invite.linkTitle")}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <div className={dialog.body}>
        <p>{t("people.invite.linkLead", { email: invitation.Email })}</p>
        <code className={classes.link}>{invitation.InvitationUrl}</code>
        <span>
          <CopyButton text={invitation.InvitationUrl ?? ""} label={t("people.invite.copyLink")} />
        </span>
      </div>
      <div className={dialog.buttons}>
        <Button onClick={onClose}>{t("people.invite.done")}</Button>
      </div>
    </Modal>
  );
}
