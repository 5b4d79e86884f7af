import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../ui/FormDialog";
import { TextField } from "../ui/field";
import { createTemplate, useChanged } from "./calls";
import { FolderField } from "./fields";

/** Makes a template, and opens the builder of its draft. */
export function NewDialog({ folder = "", onClose }: { folder?: string; onClose(): void }) {
  const { t } = useTranslation();
  const changed = useChanged();
  const navigate = useNavigate();
  return (
    <FormDialog
      title={t("template.new")}
      act={t("template.create")}
      values={{ Name: "", FolderId: folder }}
      save={({ Name, FolderId }) => createTemplate({ Name, FolderId: FolderId || null })}
      onDone={async ({ Id: template, TemplateReleaseId: release }) => {
        await navigate({ to: "/templates/$template/releases/$release", params: { template, release } });
        await changed();
      }}
      onClose={onClose}
    >
      <TextField name="Name" label={t("template.name")} required data-autofocus />
      <FolderField name="FolderId" label={t("template.folder")} />
    </FormDialog>
  );
}
