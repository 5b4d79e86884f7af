import { Button, Menu } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Archive, FileDown, FileSearch, GitBranchPlus, Rocket, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CustomConnector } from "../api/schema";
import { useMay } from "../session/may";
import { Dialog } from "../ui/Dialog";
import { download, fileName } from "../ui/download";
import { RowMenu } from "../ui/RowMenu";
import { say } from "../ui/say";
import { changeCustom, connectorReleasesQuery, deleteCustom, draftOf, useCustomsChanged } from "./calls";
import { exported, type Row } from "./definition";
import { PromoteDialog } from "./PromoteDialog";

const OpenApiDialog = lazy(async () => ({ default: (await import("./OpenApiDialog")).OpenApiDialog }));

type Open = "push" | "import" | "deprecate" | "delete";

/** What can be done with a release of a connector as a whole. */
export function ConnectorActions({ of, onProblem }: { of: CustomConnector; onProblem(error: Error | null): void }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const changed = useCustomsChanged();
  const [open, setOpen] = useState<Open>();
  const id = of.Id ?? 0;
  const draft = of.ReleaseStatus === "Draft";
  const edit = may("CustomConnectors", "Edit");
  const manage = may("CustomConnectors", "Manage");
  const other = useQuery(connectorReleasesQuery(id)).data?.find((r) => r.ReleaseStatus === "Draft" && r.Id !== id)?.Id;
  const lead = (to: number) =>
    void navigate({ to: "/connectors/custom/$connector", params: { connector: String(to) } });
  const begin = useMutation({
    mutationFn: async () => other ?? (await draftOf(id)).Id ?? 0,
    onMutate: () => onProblem(null),
    onError: onProblem,
    onSuccess: async (to) => {
      lead(to);
      await changed();
    },
  });
  const save = () =>
    download(JSON.stringify(exported(of as Row), null, 2), fileName(`${of.Name} ${of.Version}`, "json"));
  const icon = { size: 15, "aria-hidden": true };
  return (
    <>
      {draft && manage && (
        <Button leftSection={<Rocket {...icon} />} onClick={() => setOpen("push")}>
          {t("workshop.push")}
        </Button>
      )}
      {!draft && edit && (
        <Button leftSection={<GitBranchPlus {...icon} />} loading={begin.isPending} onClick={() => begin.mutate()}>
          {t(other ? "workshop.toDraft" : "workshop.beginDraft")}
        </Button>
      )}
      <RowMenu label={t("workshop.moreOf", { name: of.Name })}>
        <Menu.Item leftSection={<FileDown {...icon} />} onClick={save}>
          {t("workshop.export")}
        </Menu.Item>
        {(draft ? edit : manage) && (
          <Menu.Item leftSection={<FileSearch {...icon} />} onClick={() => setOpen("import")}>
            {t("workshop.importAgain")}
          </Menu.Item>
        )}
        {of.ReleaseStatus === "Live" && manage && (
          <Menu.Item leftSection={<Archive {...icon} />} onClick={() => setOpen("deprecate")}>
            {t("workshop.deprecate")}
          </Menu.Item>
        )}
        {manage && (
          <Menu.Item color="red" leftSection={<Trash2 {...icon} />} onClick={() => setOpen("delete")}>
            {t("workshop.delete")}
          </Menu.Item>
        )}
      </RowMenu>
      <Suspense>
        {open === "push" && <PromoteDialog of={of} onDone={lead} onClose={() => setOpen(undefined)} />}
        {open === "import" && (
          <OpenApiDialog into={{ id, name: of.Name ?? "" }} onDone={lead} onClose={() => setOpen(undefined)} />
        )}
      </Suspense>
      {(open === "deprecate" || open === "delete") && (
        <EndDialog of={of} what={open} onClose={() => setOpen(undefined)} />
      )}
    </>
  );
}

/** Ends a release: nobody installs it any more, or it is gone. */
function EndDialog({ of, what, onClose }: { of: CustomConnector; what: "deprecate" | "delete"; onClose(): void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const changed = useCustomsChanged();
  const named = { name: of.Name, version: of.Version };
  const end = useMutation({
    mutationFn: async () => {
      if (what === "delete") await deleteCustom(of.Id ?? 0);
      else await changeCustom(of, { ReleaseStatus: "Deprecated" });
    },
    onSuccess: async () => {
      onClose();
      if (what === "delete") await navigate({ to: "/connectors/custom" });
      await changed();
      say(t(`workshop.${what}Done`, named));
    },
  });
  return (
    <Dialog
      title={t(`workshop.${what}Title`, named)}
      act={t(`workshop.${what}`)}
      danger
      busy={end.isPending}
      error={end.error}
      onAct={() => end.mutate()}
      onClose={onClose}
    >
      <p>{t(`workshop.${what}Says`)}</p>
    </Dialog>
  );
}
