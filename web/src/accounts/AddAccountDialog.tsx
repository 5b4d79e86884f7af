import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { AccountField } from "../account/AccountField";
import { createAccount } from "../account/calls";
import type { Account } from "../api/schema";
import { FormDialog } from "../ui/FormDialog";
import { AreaField, SelectField, TextField } from "../ui/field";
import { say } from "../ui/say";
import { zones } from "../ui/zones";

/** Makes an account, below another one if that is given. */
export function AddAccountDialog({ parent, onClose }: { parent?: Account; onClose(): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const here = parent?.Timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <FormDialog
      title={parent ? t("tenant.addBelowOf", { name: parent.Name }) : t("tenant.add")}
      act={t("tenant.created")}
      values={{ Name: "", Id: "", Description: "", Timezone: here, ParentAccountId: parent?.Id ?? null }}
      save={({ Id, Description, ...v }) =>
        createAccount({ ...v, Id: Id.trim() || undefined, Description: Description || null })
      }
      onDone={(account) => {
        void queries.invalidateQueries({ queryKey: ["accounts"] });
        if (parent) void queries.invalidateQueries({ queryKey: ["account", parent.Id] });
        say(t("tenant.added", { name: account.Name }));
        onClose();
      }}
      onClose={onClose}
    >
      <TextField name="Name" label={t("tenant.name")} required data-autofocus autoComplete="off" />
      <TextField name="Id" label={t("tenant.id")} description={t("tenant.idHint")} autoComplete="off" />
      <AreaField name="Description" label={t("tenant.description")} rows={2} />
      <SelectField
        name="Timezone"
        label={t("tenant.timezone")}
        description={t("tenant.timezoneHint")}
        data={zones(here)}
      />
      {!parent && (
        <AccountField name="ParentAccountId" label={t("tenant.parent")} description={t("tenant.parentHint")} />
      )}
    </FormDialog>
  );
}
