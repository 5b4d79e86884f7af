import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LayoutTemplate, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Folder, Template } from "../api/schema";
import { Learn } from "../ui/Learn";
import { List, type ListColumn } from "../ui/List";
import { Refusal } from "../ui/Refusal";
import { Status } from "../ui/Status";
import { Time } from "../ui/Time";
import { useAddress } from "../ui/useAddress";
import type { LibraryFilter } from "./address";
import { templatesQuery } from "./calls";
import { branches } from "./folders";
import { Installs } from "./Installs";
import type { Open } from "./LibraryDialog";
import { Published } from "./Published";
import { TemplateMenu } from "./TemplateMenu";
import { TemplateName } from "./TemplateName";
import classes from "./template.module.css";

/** The templates of a folder, or of all. */
export function TemplateList({ folders, onOpen }: { folders: Folder[]; onOpen(open: Open): void }) {
  const { t } = useTranslation();
  const [address, set] = useAddress<LibraryFilter>();
  const list = useQuery(templatesQuery(address));
  const [problem, setProblem] = useState<Error | null>(null);
  const paths = new Map(branches(folders).map((b) => [b.folder.Id, b.path]));
  const { folder, tag } = address;
  const columns: ListColumn<Template>[] = [
    {
      key: "name",
      label: t("template.template"),
      sort: "Name",
      width: 200,
      cell: (row) => <TemplateName of={row} onTag={(tag) => set({ tag })} />,
    },
    { key: "release", label: t("template.release"), width: 80, cell: (row) => <LiveRelease of={row} /> },
    {
      key: "published",
      label: t("template.published"),
      width: 40,
      wide: true,
      cell: (row) => <Published of={row} onProblem={setProblem} />,
    },
    {
      key: "installs",
      label: t("template.installs"),
      width: 30,
      right: true,
      wide: true,
      cell: (row) => <Installs of={row} />,
    },
    {
      key: "created",
      label: t("template.created"),
      sort: "CreatedOnUtc",
      width: 60,
      wide: true,
      cell: (row) => <Time at={row.CreatedOnUtc} />,
    },
    {
      key: "menu",
      label: t("template.actions"),
      silent: true,
      right: true,
      width: 30,
      cell: (row) => <TemplateMenu of={row} onOpen={onOpen} onProblem={setProblem} />,
    },
  ];
  if (!folder && folders.length > 0) {
    const cell = (row: Template) => <span className="faint">{paths.get(row.FolderId ?? "") ?? t("time.none")}</span>;
    columns.splice(1, 0, { key: "folder", label: t("template.folder"), width: 70, wide: true, cell });
  }
  return (
    <>
      <Refusal error={problem} />
      <List
        label={t("template.templates")}
        list={list}
        columns={columns}
        rowKey={(row) => row.Id}
        search={t("template.search")}
        filters={
          tag && (
            <button type="button" className={classes.chosenTag} onClick={() => set({ tag: undefined })}>
              <span className="sr-only">{t("template.withoutTag")} </span>
              {tag}
              <X size={13} aria-hidden />
            </button>
          )
        }
        place={["folder", "deleted"]}
        empty={{
          icon: LayoutTemplate,
          title: folder ? t("template.emptyFolder") : t("template.empty"),
          hint: folder ? t("template.emptyFolderHint") : <First />,
        }}
      />
    </>
  );
}

/** What to do in a library without templates. */
function First() {
  const { t } = useTranslation();
  return (
    <>
      <p>{t("template.emptyHint")}</p>
      <Learn docs="first-template">{t("template.first")}</Learn>
    </>
  );
}

/** The live release, if there is one, and the draft, if there is one. */
function LiveRelease({ of }: { of: Template }) {
  const { t } = useTranslation();
  const live = of.ReleaseState === "Live";
  return (
    <span className={classes.releases}>
      {live && (
        <>
          <Status of="Live" />
          <span className="number">{t("release.version", { version: of.Version })}</span>
        </>
      )}
      {of.DraftReleaseId && (
        <Link
          to="/templates/$template/releases/$release"
          params={{ template: of.Id, release: of.DraftReleaseId }}
          aria-label={t("template.openDraftOf", { name: of.Name })}
        >
          <Status of="Draft" />
        </Link>
      )}
    </span>
  );
}
