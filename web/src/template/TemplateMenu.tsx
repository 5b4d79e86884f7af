import { Menu } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Building2, FileDown, Pencil, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Template } from "../api/schema";
import { useMay } from "../session/may";
import { download, fileName } from "../ui/download";
import { RowMenu } from "../ui/RowMenu";
import { exportRelease } from "./calls";
import type { Open } from "./LibraryDialog";

interface Props {
  of: Template;
  onOpen(open: Open): void;
  onProblem(error: Error | null): void;
}

/** What can be done with a template of the library. */
export function TemplateMenu({ of, onOpen, onProblem }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const save = useMutation({
    mutationFn: () => exportRelease(of.Id, of.TemplateReleaseId),
    onMutate: () => onProblem(null),
    onError: onProblem,
    onSuccess: (text) => download(text, fileName(of.Name, "json")),
  });
  return (
    <RowMenu label={t("template.moreOf", { name: of.Name })}>
      {may("Templates", "Edit") && (
        <Menu.Item
          leftSection={<Pencil size={15} aria-hidden />}
          onClick={() => onOpen({ what: "change", template: of })}
        >
          {t("template.change")}
        </Menu.Item>
      )}
      {may("Accounts", "Edit") && of.ReleaseState === "Live" && (
        <Menu.Item
          leftSection={<Building2 size={15} aria-hidden />}
          onClick={() => onOpen({ what: "install", template: of })}
        >
          {t("template.install")}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<FileDown size={15} aria-hidden />} onClick={() => save.mutate()}>
        {t("template.export")}
      </Menu.Item>
      {may("Templates", "Manage") && (
        <Menu.Item
          color="red"
          leftSection={<Trash2 size={15} aria-hidden />}
          onClick={() => onOpen({ what: "delete", template: of })}
        >
          {t("template.delete")}
        </Menu.Item>
      )}
    </RowMenu>
  );
}
