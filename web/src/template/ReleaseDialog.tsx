import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Release, Template } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { FormDialog } from "../ui/FormDialog";
import { AreaField, TextField } from "../ui/field";
import { say } from "../ui/say";
import { changeNotes, copyRelease, discardDraft, installsQuery, promote, useChanged } from "./calls";
import { FolderField } from "./fields";
import { OfferDialog } from "./OfferDialog";

/** What was asked for with a release. */
export interface OpenRelease {
  what: "notes" | "promote" | "copy" | "offer" | "discard";
  release: Release;
}

interface Props {
  template: Template;
  release: Release;
  onClose(): void;
}

export function ReleaseDialog({ open, ...props }: { open: OpenRelease; template: Template; onClose(): void }) {
  const { [open.what]: Of } = {
    notes: NotesDialog,
    promote: PromoteDialog,
    copy: CopyDialog,
    offer: OfferDialog,
    discard: DiscardDialog,
  };
  return <Of release={open.release} {...props} />;
}

function NotesDialog({ template, release, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useChanged();
  return (
    <FormDialog
      title={t("template.notesOf", { version: release.Version })}
      act={t("form.save")}
      values={{ Notes: release.Notes }}
      save={({ Notes }) => changeNotes(template.Id, release.Id, Notes)}
      onDone={async () => {
        await changed();
        say(t("form.saved"));
        onClose();
      }}
      onClose={onClose}
    >
      <AreaField name="Notes" label={t("template.notes")} description={t("template.notesHint")} data-autofocus />
    </FormDialog>
  );
}

/** Makes a draft live, and says what that does to what is installed. */
function PromoteDialog({ template, release, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useChanged();
  const installed = useQuery(installsQuery(template.Id)).data?.all ?? 0;
  return (
    <FormDialog
      title={t("template.promoteOf", { version: release.Version })}
      act={t("template.promoteAct")}
      values={{ Notes: release.Notes }}
      save={({ Notes }) => promote(template.Id, release.Id, Notes, release.Revision)}
      onDone={async () => {
        await changed();
        say(t("template.nowLive", { version: release.Version }));
        onClose();
      }}
      onClose={onClose}
    >
      <p>
        {template.ReleaseState === "Live"
          ? t("template.promoteSays", { version: template.Version })
          : t("template.promoteFirst")}
      </p>
      {installed > 0 && <p>{t("template.offered", { count: installed })}</p>}
      {!template.Published && <p>{t("template.promoteHidden")}</p>}
      <AreaField name="Notes" label={t("template.notes")} description={t("template.notesHint")} data-autofocus />
    </FormDialog>
  );
}

function CopyDialog({ template, release, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useChanged();
  const navigate = useNavigate();
  return (
    <FormDialog
      title={t("template.copyOf", { name: template.Name, version: release.Version })}
      act={t("template.copyAct")}
      values={{ Name: t("template.copyName", { name: template.Name }), FolderId: template.FolderId ?? "" }}
      save={({ Name, FolderId }) => copyRelease(template.Id, release.Id, { Name, FolderId: FolderId || null })}
      onDone={async ({ TemplateId }, { Name: name }) => {
        onClose();
        await navigate({ to: "/templates/$template", params: { template: TemplateId } });
        await changed();
        say(t("template.copied", { name }));
      }}
      onClose={onClose}
    >
      <TextField name="Name" label={t("template.name")} required data-autofocus />
      <FolderField name="FolderId" label={t("template.folder")} />
    </FormDialog>
  );
}

function DiscardDialog({ template, release, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useChanged();
  const discard = useMutation({
    mutationFn: () => discardDraft(template.Id, release.Id),
    onSuccess: async () => {
      await changed();
      say(t("template.discarded", { version: release.Version }));
      onClose();
    },
  });
  return (
    <Dialog
      title={t("template.discardOf", { version: release.Version })}
      act={t("template.discard")}
      danger
      busy={discard.isPending}
      error={discard.error}
      onAct={() => discard.mutate()}
      onClose={onClose}
    >
      <p>{t("template.discardSays", { version: template.Version })}</p>
    </Dialog>
  );
}
