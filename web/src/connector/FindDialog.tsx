import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountConnector, Discovery } from "../api/schema";
import dialog from "../ui/Dialog.module.css";
import { FormDialog } from "../ui/FormDialog";
import { AreaField, SelectField, SwitchField } from "../ui/field";
import { Modal } from "../ui/Modal";
import { discoverFields, methodsQuery, sampleFields, useConnectorsChanged } from "./calls";
import classes from "./connector.module.css";

interface Props {
  how: "sample" | "discover";
  account: string;
  of: AccountConnector;
  onClose(): void;
}

/** Finds custom fields in a sample, or asks the third party; then it says what became of them. */
export function FindDialog({ how, account, of, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useConnectorsChanged(account);
  const methods = useQuery(methodsQuery(account, of.Id)).data;
  const [found, setFound] = useState<Discovery>();
  if (found) return <Found found={found} onClose={onClose} />;
  if (!methods) return null;
  return (
    <FormDialog
      title={t(`connector.fields.${how}Title`)}
      act={t(`connector.fields.${how}Act`)}
      values={{ Method: methods[0]?.MethodUniqueIdentifier ?? "", ForRequestFormat: false, Sample: "" }}
      save={({ Sample, ...target }) =>
        how === "sample" ? sampleFields(account, of.Id, { ...target, Sample }) : discoverFields(account, of.Id, target)
      }
      onDone={async (answer) => {
        await changed();
        setFound(answer);
      }}
      onClose={onClose}
    >
      <p>{t(`connector.fields.${how}Says`, { name: of.Connector.Name })}</p>
      <SelectField
        name="Method"
        label={t("connector.fields.method")}
        data={methods.map((m) => ({ value: m.MethodUniqueIdentifier, label: m.Name }))}
        data-autofocus
      />
      <SwitchField
        name="ForRequestFormat"
        label={t("connector.fields.isRequest")}
        description={t("connector.fields.isRequestHint")}
      />
      {how === "sample" && (
        <AreaField name="Sample" label={t("connector.fields.document")} rows={8} spellCheck={false} required />
      )}
    </FormDialog>
  );
}

function Found({ found, onClose }: { found: Discovery; onClose(): void }) {
  const { t } = useTranslation();
  const parts = [
    { label: t("connector.fields.new", { count: found.New.length }), fields: found.New },
    { label: t("connector.fields.kept", { count: found.Kept.length }), fields: found.Kept },
    { label: t("connector.fields.gone", { count: found.Gone.length }), fields: found.Gone },
  ].filter((p) => p.fields.length > 0);
  const nothing = parts.length === 0 && found.LeftOut.length === 0;
  return (
    <Modal onClose={onClose} title={t("connector.fields.found")}>
      <div className={dialog.body}>
        {nothing && <p>{t("connector.fields.nothing")}</p>}
        {parts.map((p) => (
          <div key={p.label}>
            <strong>{p.label}</strong>
            <p className={classes.found}>{p.fields.map((f) => f.DisplayName || f.ConnectorField).join(", ")}</p>
          </div>
        ))}
        {found.LeftOut.map((why) => (
          <p key={why} className="faint">
            {why}
          </p>
        ))}
      </div>
      <div className={dialog.buttons}>
        <Button onClick={onClose}>{t("action.close")}</Button>
      </div>
    </Modal>
  );
}
