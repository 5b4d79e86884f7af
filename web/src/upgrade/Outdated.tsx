import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Page } from "../api/client";
import type { InstalledCycle } from "../api/schema";
import { List, type ListColumn } from "../ui/List";
import { Status } from "../ui/Status";
import { type Target, targetOf } from "./calls";
import { PreviewDialog } from "./PreviewDialog";

interface Props {
  template: string;
  list: UseQueryResult<Page<InstalledCycle>>;
  mayUpgrade: boolean;
}

/** The cycles that are of older releases, each with what its upgrade would come to. */
export function Outdated({ template, list, mayUpgrade }: Props) {
  const { t } = useTranslation();
  const [seen, setSeen] = useState<Target>();
  const columns: ListColumn<InstalledCycle>[] = [
    {
      key: "cycle",
      label: t("upgrade.cycle"),
      sort: "CycleName",
      width: 140,
      cell: (c) => (
        <Link
          to="/accounts/$account/cycles/$cycle"
          params={{ account: c.AccountId, cycle: c.CycleId }}
          className="row-link"
        >
          {c.CycleName}
        </Link>
      ),
    },
    { key: "account", label: t("upgrade.account"), sort: "AccountName", width: 120, cell: (c) => c.AccountName },
    { key: "status", label: t("upgrade.status"), width: 70, wide: true, cell: (c) => <Status of={c.Status} /> },
    {
      key: "version",
      label: t("upgrade.version"),
      sort: "Version",
      width: 40,
      wide: true,
      cell: (c) => <span className="number">{t("release.version", { version: c.Version })}</span>,
    },
    {
      key: "preview",
      label: t("upgrade.changes"),
      silent: true,
      right: true,
      width: 90,
      cell: (c) => (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={t("upgrade.previewOf", { cycle: c.CycleName, account: c.AccountName })}
          onClick={() => setSeen(targetOf(c))}
        >
          {t("upgrade.preview")}
        </Button>
      ),
    },
  ];
  return (
    <>
      <List
        label={t("upgrade.list")}
        list={list}
        columns={columns}
        rowKey={(c) => c.CycleId}
        empty={{ icon: CircleCheck, title: t("upgrade.none"), hint: t("upgrade.noneHint") }}
      />
      {seen && (
        <PreviewDialog template={template} of={seen} mayUpgrade={mayUpgrade} onClose={() => setSeen(undefined)} />
      )}
    </>
  );
}
