import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { User } from "../api/schema";
import { FormDialog } from "../ui/FormDialog";
import { TextField } from "../ui/field";
import { say } from "../ui/say";
import { setPassword } from "./calls";
import { called } from "./person";

/** Gives somebody a password. */
export function PasswordDialog({ user, onClose }: { user: User; onClose(): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const name = called(user);
  return (
    <FormDialog
      title={t("people.setPasswordTitle", { name })}
      act={t("people.setPassword")}
      values={{ Password: "" }}
      save={({ Password }) => setPassword({ Username: user.Username, Password })}
      onDone={() => {
        void queries.invalidateQueries({ queryKey: ["users"] });
        say(t("people.passwordSet", { name }));
        onClose();
      }}
      onClose={onClose}
    >
      <p>{t("people.setPasswordLead")}</p>
      <TextField
        name="Password"
        type="password"
        label={t("people.newPassword")}
        description={t("people.newPasswordHint")}
        autoComplete="new-password"
        data-autofocus
      />
    </FormDialog>
  );
}
