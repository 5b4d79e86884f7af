import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ConsoleUser } from "../api/schema";
import { FormDialog } from "../ui/FormDialog";
import { TextField } from "../ui/field";
import { say } from "../ui/say";
import { changeColleague, inviteColleague } from "./calls";
import { Grants } from "./Grants";
import { grantOf, rightsOf } from "./team";

interface Props {
  user?: ConsoleUser;
  onInvited(made: ConsoleUser): void;
  onClose(): void;
}

/** Invites somebody to the console, or changes what they may do there. */
export function ColleagueDialog({ user, onInvited, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const values = {
    Email: "",
    Name: user?.Name ?? "",
    FullAccess: user?.FullAccess ?? false,
    Permissions: rightsOf(user),
  };
  return (
    <FormDialog
      title={user ? t("settings.team.editTitle", { name: user.Name }) : t("settings.team.invite")}
      act={t(user ? "settings.team.save" : "settings.team.send")}
      size="lg"
      values={values}
      save={({ Email, Name, FullAccess, Permissions }) => {
        const grant = grantOf(FullAccess, Permissions);
        return user
          ? changeColleague(user.Id, { Name, ...grant })
          : inviteColleague({ Email, ...(Name.trim() && { Name }), ...grant });
      }}
      onDone={(now) => {
        onClose();
        if (!user) return onInvited(now);
        void queries.invalidateQueries({ queryKey: ["consoleusers"] });
        say(t("settings.team.saved", { name: now.Name }));
      }}
      onClose={onClose}
    >
      {!user && (
        <TextField
          name="Email"
          type="email"
          label={t("settings.team.email")}
          autoComplete="off"
          required
          data-autofocus
        />
      )}
      <TextField
        name="Name"
        label={t("settings.team.name")}
        description={!user && t("settings.team.nameHint")}
        autoComplete="off"
        data-autofocus={user ? true : undefined}
      />
      <Grants />
    </FormDialog>
  );
}
