import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { GitBranch } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Release, Template } from "../api/schema";
import type { ListFilter } from "../search";
import { Count } from "../ui/Count";
import { List, type ListColumn } from "../ui/List";
import { Status } from "../ui/Status";
import { Time } from "../ui/Time";
import { useAddress } from "../ui/useAddress";
import { releasesQuery } from "./calls";
import { type OpenRelease, ReleaseDialog } from "./ReleaseDialog";
import { ReleaseMenu } from "./ReleaseMenu";
import classes from "./template.module.css";

/** The releases of a template, each with what its state allows. */
export function Releases({ of, onProblem }: { of: Template; onProblem(error: Error | null): void }) {
  const { t } = useTranslation();
  const [address] = useAddress<ListFilter>();
  const list = useQuery(releasesQuery(of.Id, address));
  const [open, setOpen] = useState<OpenRelease | null>(null);
  const columns: ListColumn<Release>[] = [
    { key: "version", label: t("template.version"), sort: "Version", width: 30, cell: (r) => <Version of={r} /> },
    { key: "state", label: t("template.state"), width: 60, cell: (r) => <Status of={r.State} /> },
    { key: "notes", label: t("template.notes"), width: 140, cell: (r) => <Notes of={r} /> },
    { key: "author", label: t("template.author"), width: 90, wide: true, cell: (r) => r.PromotedBy || r.CreatedBy },
    {
      key: "promoted",
      label: t("template.promoted"),
      width: 60,
      wide: true,
      cell: (r) => <Time at={r.PromotedOnUtc} />,
    },
    {
      key: "installs",
      label: t("template.installs"),
      width: 30,
      right: true,
      wide: true,
      cell: (r) => <Count n={r.InstalledCount ?? 0} />,
    },
    { key: "last", label: t("template.lastRun"), width: 60, wide: true, cell: (r) => <Time at={r.LastRunOnUtc} /> },
    {
      key: "menu",
      label: t("template.actions"),
      width: 30,
      right: true,
      silent: true,
      cell: (r) => (
        <ReleaseMenu
          of={r}
          template={of}
          several={(list.data?.total ?? 0) > 1}
          onOpen={setOpen}
          onProblem={onProblem}
        />
      ),
    },
  ];
  return (
    <>
      <List
        label={t("template.releases")}
        list={list}
        columns={columns}
        rowKey={(r) => r.Id}
        empty={{ icon: GitBranch, title: t("template.noReleases") }}
      />
      {open && <ReleaseDialog open={open} template={of} onClose={() => setOpen(null)} />}
    </>
  );
}

/** A release's number, which leads to its design. */
function Version({ of }: { of: Release }) {
  const { t } = useTranslation();
  return (
    <Link
      to="/templates/$template/releases/$release"
      params={{ template: of.TemplateId, release: of.Id }}
      className="row-link number"
    >
      {t("release.version", { version: of.Version })}
    </Link>
  );
}

function Notes({ of }: { of: Release }) {
  const { t } = useTranslation();
  return of.Notes ? <p className={classes.notes}>{of.Notes}</p> : <span className="faint">{t("time.none")}</span>;
}
