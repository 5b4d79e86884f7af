import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Template } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";
import { deleteTemplate, installsQuery, useChanged } from "./calls";

interface Props {
  template: Template;
  /** What comes after it, before anything is read anew. */
  onDone?(): Promise<void>;
  onClose(): void;
}

/** Puts a template into the recycle bin. */
export function DeleteDialog({ template, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useChanged();
  const installed = useQuery(installsQuery(template.Id)).data?.all;
  const remove = useMutation({
    mutationFn: () => deleteTemplate(template.Id),
    onSuccess: async () => {
      onClose();
      await onDone?.();
      await changed();
      say(t("template.deleted", { name: template.Name }));
    },
  });
  return (
    <Dialog
      title={t("template.deleteOf", { name: template.Name })}
      act={t("template.delete")}
      danger
      busy={remove.isPending}
      error={remove.error}
      onAct={() => remove.mutate()}
      onClose={onClose}
    >
      <p>{t("template.deleteSays")}</p>
      {installed !== undefined && <p>{t("template.deleteInstalled", { count: installed })}</p>}
    </Dialog>
  );
}
