import { NativeSelect } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";
import { deleteFolder, foldersQuery, templatesQuery, useChanged } from "./calls";
import { branches } from "./folders";

/** Deletes a folder; nothing in it is lost. */
export function DeleteFolderDialog({ folder, onClose }: { folder: Folder; onClose(): void }) {
  const { t } = useTranslation();
  const changed = useChanged();
  const navigate = useNavigate();
  const folders = useQuery(foldersQuery).data ?? [];
  const inside = useQuery(templatesQuery({ folder: folder.Id })).data?.total;
  const below = folders.filter((f) => f.ParentFolderId === folder.Id).length;
  const [to, setTo] = useState(folder.ParentFolderId ?? "top");
  const remove = useMutation({
    mutationFn: () => deleteFolder(folder.Id, to),
    onSuccess: async () => {
      await navigate({ to: "/templates", search: to === "top" ? {} : { folder: to } });
      await changed();
      say(t("template.folderDeleted", { name: folder.Name }));
      onClose();
    },
  });
  const places = branches(folders, folder.Id).map((b) => ({ value: b.folder.Id, label: b.path }));
  const empty = inside === 0 && below === 0;
  return (
    <Dialog
      title={t("template.deleteFolderOf", { name: folder.Name })}
      act={t("template.deleteFolder")}
      danger
      busy={remove.isPending}
      error={remove.error}
      onAct={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        {empty
          ? t("template.deleteEmptyFolder")
          : t("template.deleteFolderSays", {
              templates: t("template.countTemplates", { count: inside ?? 0 }),
              folders: t("template.countFolders", { count: below }),
            })}
      </p>
      {!empty && (
        <NativeSelect
          label={t("template.moveTo")}
          value={to}
          data={[{ value: "top", label: t("template.noFolder") }, ...places]}
          onChange={(e) => setTo(e.currentTarget.value)}
        />
      )}
    </Dialog>
  );
}
