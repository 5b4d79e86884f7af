import { ActionIcon, Button, Menu, Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Folder as FolderIcon, FolderPlus, Layers, Pencil, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../api/schema";
import { useMay } from "../session/may";
import { Hint } from "../ui/Hint";
import { Refusal } from "../ui/Refusal";
import { RowMenu } from "../ui/RowMenu";
import type { LibraryFilter } from "./address";
import { branches } from "./folders";
import type { Open } from "./LibraryDialog";
import classes from "./template.module.css";

interface Props {
  folders: UseQueryResult<Folder[]>;
  folder: string | undefined;
  deleted: boolean | undefined;
  onNew(): void;
}

/** The folders, between all templates and the recycle bin. */
export function FolderTree({ folders, folder, deleted, onNew }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <nav className={classes.tree} aria-label={t("template.folders")}>
      <Place search={{}} active={!folder && !deleted} icon={<Layers size={15} aria-hidden />}>
        {t("template.all")}
      </Place>
      <div className={classes.treeHead}>
        <h2>{t("template.folders")}</h2>
        {may("Templates", "Edit") && (
          <Hint label={t("template.newFolder")}>
            <ActionIcon variant="subtle" color="gray" size={26} aria-label={t("template.newFolder")} onClick={onNew}>
              <FolderPlus size={15} aria-hidden />
            </ActionIcon>
          </Hint>
        )}
      </div>
      {folders.isPending && <Skeleton height={12} width={120} m={9} />}
      <Refusal error={folders.error} />
      {folders.isError && (
        <Button variant="default" size="xs" onClick={() => folders.refetch()}>
          {t("action.retry")}
        </Button>
      )}
      {folders.data?.length === 0 && <p>{t("template.noFolders")}</p>}
      <ul>
        {branches(folders.data ?? []).map(({ folder: f, depth, path }) => (
          <li key={f.Id} style={{ paddingLeft: depth * 16 }}>
            <Place
              search={{ folder: f.Id }}
              active={f.Id === folder}
              icon={<FolderIcon size={15} aria-hidden />}
              title={depth > 0 ? path : undefined}
            >
              {f.Name}
            </Place>
          </li>
        ))}
      </ul>
      <Place search={{ deleted: true }} active={!!deleted} icon={<Trash2 size={15} aria-hidden />}>
        {t("template.bin")}
      </Place>
    </nav>
  );
}

interface PlaceProps {
  search: LibraryFilter;
  active: boolean;
  icon: ReactNode;
  title?: string;
  children: string;
}

function Place({ search, active, icon, title, children }: PlaceProps) {
  return (
    <Link
      to="/templates"
      search={search}
      className={classes.place}
      title={title}
      data-active={active || undefined}
      aria-current={active ? "page" : undefined}
      activeProps={{}}
    >
      {icon}
      <span>{children}</span>
    </Link>
  );
}

/** The chosen folder, and what can be done with it. */
export function FolderHead({ folder, onOpen }: { folder: Folder; onOpen(open: Open): void }) {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <div className={classes.folderHead}>
      <h2>{folder.Name}</h2>
      {may("Templates", "Edit") && (
        <RowMenu label={t("template.moreOf", { name: folder.Name })}>
          <Menu.Item
            leftSection={<Pencil size={15} aria-hidden />}
            onClick={() => onOpen({ what: "changeFolder", folder })}
          >
            {t("template.changeFolder")}
          </Menu.Item>
          {may("Templates", "Manage") && (
            <Menu.Item
              color="red"
              leftSection={<Trash2 size={15} aria-hidden />}
              onClick={() => onOpen({ what: "deleteFolder", folder })}
            >
              {t("template.deleteFolder")}
            </Menu.Item>
          )}
        </RowMenu>
      )}
    </div>
  );
}
