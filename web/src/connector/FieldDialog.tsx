import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AccountConnector, CustomField } from "../api/schema";
import { FormDialog } from "../ui/FormDialog";
import { SelectField, SwitchField, TextField } from "../ui/field";
import { say } from "../ui/say";
import { addField, changeField, methodsQuery, useConnectorsChanged } from "./calls";

const types = ["Text", "Integer", "Float", "Decimal", "Boolean", "DateTime", "File", "Undefined"];

interface Props {
  account: string;
  of: AccountConnector;
  /** Without it, a new one is added. */
  field?: CustomField;
  onClose(): void;
}

/** Adds or changes a custom field. */
export function FieldDialog({ account, of, field, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useConnectorsChanged(account);
  const methods = useQuery(methodsQuery(account, of.Id)).data ?? [];
  const values = {
    ConnectorField: field?.ConnectorField ?? "",
    DisplayName: field?.DisplayName ?? "",
    DataType: field?.DataType ?? "Text",
    MethodUniqueIdentifier: field?.MethodUniqueIdentifier ?? "",
    ForRequestFormat: field?.ForRequestFormat ?? false,
    Optional: field?.Optional ?? true,
  };
  return (
    <FormDialog
      title={
        field
          ? t("connector.fields.changeOf", { name: field.DisplayName || field.ConnectorField })
          : t("connector.fields.addTitle")
      }
      act={field ? t("form.save") : t("connector.fields.add")}
      values={values}
      save={(form) => (field ? changeField(account, of.Id, field.Id, form) : addField(account, of.Id, form))}
      onDone={async (made) => {
        await changed();
        say(field ? t("form.saved") : t("connector.fields.added", { name: made.DisplayName || made.ConnectorField }));
        onClose();
      }}
      onClose={onClose}
    >
      <TextField
        name="ConnectorField"
        label={t("connector.fields.location")}
        description={t("connector.fields.locationHint")}
        required
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
      <TextField name="DisplayName" label={t("connector.fields.displayName")} autoComplete="off" />
      <SelectField name="DataType" label={t("connector.fields.type")} data={types} />
      <SelectField
        name="MethodUniqueIdentifier"
        label={t("connector.fields.method")}
        data={[
          { value: "", label: t("connector.fields.allMethods") },
          ...methods.map((m) => ({ value: m.MethodUniqueIdentifier, label: m.Name })),
        ]}
      />
      <SwitchField
        name="ForRequestFormat"
        label={t("connector.fields.isRequest")}
        description={t("connector.fields.isRequestHint")}
      />
      <SwitchField name="Optional" label={t("connector.fields.optional")} />
    </FormDialog>
  );
}
