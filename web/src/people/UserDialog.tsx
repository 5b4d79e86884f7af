import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { AccountsField } from "../account/AccountField";
import type { User } from "../api/schema";
import { FormDialog } from "../ui/FormDialog";
import { TextField } from "../ui/field";
import { say } from "../ui/say";
import { changeUser, createUser } from "./calls";
import classes from "./people.module.css";
import { called, newUser } from "./person";

/** Makes a user, or changes the one that is given. */
export function UserDialog({ user, onClose }: { user?: User; onClose(): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const values = {
    FirstName: user?.FirstName ?? "",
    LastName: user?.LastName ?? "",
    Username: user?.Username ?? "",
    Email: user?.Email ?? "",
    Password: "",
    Accounts: user?.Accounts.map((a) => a.AccountId) ?? [],
  };
  return (
    <FormDialog
      title={user ? t("people.editTitle", { name: called(user) }) : t("people.create")}
      act={user ? t("people.save") : t("people.create")}
      values={values}
      save={({ Password, Username, ...v }) =>
        user ? changeUser(user.Id, v) : createUser(newUser({ Password, Username, ...v }))
      }
      onDone={(now) => {
        void queries.invalidateQueries({ queryKey: ["users"] });
        say(t(user ? "people.saved" : "people.created", { name: called(now) }));
        onClose();
      }}
      onClose={onClose}
    >
      <div className={classes.pair}>
        <TextField name="FirstName" label={t("people.firstName")} data-autofocus autoComplete="off" />
        <TextField name="LastName" label={t("people.lastName")} autoComplete="off" />
      </div>
      <TextField
        name="Email"
        type="email"
        label={t("people.email")}
        description={user && t("people.emailHint")}
        autoComplete="off"
      />
      {!user && <Entry />}
      <AccountsField
        name="Accounts"
        label={t("people.accounts")}
        description={t("people.accountsHint")}
        chosen={user?.Accounts.map((a) => ({ value: a.AccountId, label: a.AccountName }))}
      />
    </FormDialog>
  );
}

/** How somebody new signs in. */
function Entry() {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        name="Username"
        label={t("people.username")}
        description={t("people.usernameHint")}
        autoComplete="off"
      />
      <TextField
        name="Password"
        type="password"
        label={t("people.password")}
        description={t("people.passwordHint")}
        autoComplete="new-password"
      />
    </>
  );
}
