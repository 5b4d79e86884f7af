import { useTranslation } from "react-i18next";
import type { Marketplace } from "../api/schema";
import { FormDialog } from "../ui/FormDialog";
import { AreaField, TextField } from "../ui/field";
import { putMarketplace, useChanged } from "./calls";

/** Makes a marketplace. */
export function NewDialog({ onDone, onClose }: { onDone(made: Marketplace): void; onClose(): void }) {
  const { t } = useTranslation();
  const changed = useChanged();
  return (
    <FormDialog
      title={t("embedding.new")}
      act={t("embedding.create")}
      values={{ Name: "", Description: "" }}
      save={(v) => putMarketplace(undefined, v)}
      onDone={async (made) => {
        onDone(made);
        await changed();
      }}
      onClose={onClose}
    >
      <TextField name="Name" label={t("embedding.name")} data-autofocus />
      <AreaField name="Description" label={t("embedding.description")} />
    </FormDialog>
  );
}
