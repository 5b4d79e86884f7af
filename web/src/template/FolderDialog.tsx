import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Folder } from "../api/schema";
import { FormDialog } from "../ui/FormDialog";
import { TextField } from "../ui/field";
import { say } from "../ui/say";
import { changeFolder, createFolder, useChanged } from "./calls";
import { FolderField } from "./fields";

/** Makes a folder within the one above, or renames and moves one that is there. */
export function FolderDialog({ folder, above, onClose }: { folder?: Folder; above?: string; onClose(): void }) {
  const { t } = useTranslation();
  const changed = useChanged();
  const navigate = useNavigate();
  return (
    <FormDialog
      title={folder ? t("template.changeFolder") : t("template.newFolder")}
      act={folder ? t("form.save") : t("template.create")}
      values={{ Name: folder?.Name ?? "", ParentFolderId: folder?.ParentFolderId ?? above ?? "" }}
      save={({ Name, ParentFolderId }) => {
        const body = { Name, ParentFolderId: ParentFolderId || null };
        return folder ? changeFolder(folder.Id, body) : createFolder(body);
      }}
      onDone={async ({ Id }) => {
        await changed();
        say(t("form.saved"));
        onClose();
        await navigate({ to: "/templates", search: { folder: Id } });
      }}
      onClose={onClose}
    >
      <TextField name="Name" label={t("template.name")} required data-autofocus />
      <FolderField name="ParentFolderId" label={t("template.within")} without={folder?.Id} />
    </FormDialog>
  );
}
