import { Menu } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  Copy,
  Eye,
  FileDown,
  GitBranchPlus,
  GitCompareArrows,
  Handshake,
  PencilLine,
  Rocket,
  StickyNote,
  Trash2,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Release, Template } from "../api/schema";
import { useMay } from "../session/may";
import { download, fileName } from "../ui/download";
import { RowMenu } from "../ui/RowMenu";
import { beginDraft, exportRelease, useChanged } from "./calls";
import type { OpenRelease } from "./ReleaseDialog";

interface Props {
  of: Release;
  template: Template;
  /** There is another to compare it with. */
  several: boolean;
  onOpen(open: OpenRelease): void;
  onProblem(error: Error | null): void;
}

/** What can be done with a release in its state. */
export function ReleaseMenu({ of, template, several, onOpen, onProblem }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const edit = may("Templates", "Edit");
  const manage = may("Templates", "Manage");
  const draft = of.State === "Draft";
  const { look, compare, begin, save } = useWork(of, template, onProblem);
  const icon = { size: 15, "aria-hidden": true };
  return (
    <RowMenu label={t("template.moreOf", { name: t("release.version", { version: of.Version }) })}>
      <Menu.Item leftSection={draft && edit ? <PencilLine {...icon} /> : <Eye {...icon} />} onClick={() => look(of.Id)}>
        {draft && edit ? t("template.openBuilder") : t("template.lookAt")}
      </Menu.Item>
      {draft && edit && (
        <Menu.Item leftSection={<StickyNote {...icon} />} onClick={() => onOpen({ what: "notes", release: of })}>
          {t("template.editNotes")}
        </Menu.Item>
      )}
      {draft && manage && (
        <Menu.Item leftSection={<Rocket {...icon} />} onClick={() => onOpen({ what: "promote", release: of })}>
          {t("template.promote")}
        </Menu.Item>
      )}
      {!template.DraftReleaseId && edit && (
        <Menu.Item leftSection={<GitBranchPlus {...icon} />} onClick={() => begin.mutate()}>
          {t("template.beginFrom")}
        </Menu.Item>
      )}
      {edit && (
        <Menu.Item leftSection={<Copy {...icon} />} onClick={() => onOpen({ what: "copy", release: of })}>
          {t("template.copyToNew")}
        </Menu.Item>
      )}
      {manage && (
        <Menu.Item leftSection={<Handshake {...icon} />} onClick={() => onOpen({ what: "offer", release: of })}>
          {t("template.offer")}
        </Menu.Item>
      )}
      {several && (
        <Menu.Item leftSection={<GitCompareArrows {...icon} />} onClick={compare}>
          {t("template.compare")}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<FileDown {...icon} />} onClick={() => save.mutate()}>
        {t("template.export")}
      </Menu.Item>
      {draft && manage && template.ReleaseState === "Live" && (
        <Menu.Item
          color="red"
          leftSection={<Trash2 {...icon} />}
          onClick={() => onOpen({ what: "discard", release: of })}
        >
          {t("template.discard")}
        </Menu.Item>
      )}
    </RowMenu>
  );
}

/** What is done at once, without a dialog. */
function useWork(of: Release, template: Template, onProblem: Props["onProblem"]) {
  const navigate = useNavigate();
  const changed = useChanged();
  const told = { onMutate: () => onProblem(null), onError: onProblem };
  const look = (release: string) =>
    navigate({ to: "/templates/$template/releases/$release", params: { template: template.Id, release } });
  const compare = () =>
    navigate({ to: "/templates/$template/compare", params: { template: template.Id }, search: { to: of.Id } });
  const begin = useMutation({
    ...told,
    mutationFn: () => beginDraft(template.Id, of.Id),
    onSuccess: async (draft) => {
      await look(draft.Id);
      await changed();
    },
  });
  const save = useMutation({
    ...told,
    mutationFn: () => exportRelease(template.Id, of.Id),
    onSuccess: (text) => download(text, fileName(`${template.Name} v${of.Version}`, "json")),
  });
  return { look, compare, begin, save };
}
