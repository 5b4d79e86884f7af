import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Download, ScrollText, ShieldCheck } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AuditEntry } from "../api/schema";
import { List, type ListColumn } from "../ui/List";
import { PageHead } from "../ui/PageHead";
import { Status } from "../ui/Status";
import { Time } from "../ui/Time";
import { AuditFilter } from "./AuditFilter";
import { actionWords, sheetOf } from "./audit";
import { auditQuery } from "./calls";
import classes from "./settings.module.css";

const EntryDialog = lazy(async () => ({ default: (await import("./EntryDialog")).EntryDialog }));
const VerifyDialog = lazy(async () => ({ default: (await import("./VerifyDialog")).VerifyDialog }));

/** Who changed what, when and from where. */
export function AuditPage() {
  const { t } = useTranslation();
  const filter = useSearch({ from: "/inside/settings/audit" });
  const list = useQuery(auditQuery(filter));
  const [entry, setEntry] = useState<AuditEntry | null>(null);
  const [verifying, setVerifying] = useState(false);
  return (
    <>
      <PageHead title={t("settings.audit.title")} lead={t("settings.audit.lead")} docs="audit">
        <Button
          variant="default"
          leftSection={<Download size={15} aria-hidden />}
          renderRoot={(props) => <a href={sheetOf(filter)} download="audit.csv" {...props} />}
        >
          {t("settings.audit.csv")}
        </Button>
        <Button
          variant="default"
          leftSection={<ShieldCheck size={15} aria-hidden />}
          onClick={() => setVerifying(true)}
        >
          {t("settings.audit.verify")}
        </Button>
      </PageHead>
      <List
        label={t("settings.audit.title")}
        list={list}
        columns={useColumns(setEntry)}
        rowKey={(e) => e.Id}
        cards
        search={t("settings.audit.search")}
        filters={<AuditFilter />}
        empty={{ icon: ScrollText, title: t("settings.audit.empty"), hint: t("settings.audit.emptyHint") }}
      />
      <Suspense>
        {entry && <EntryDialog entry={entry} onClose={() => setEntry(null)} />}
        {verifying && <VerifyDialog onClose={() => setVerifying(false)} />}
      </Suspense>
    </>
  );
}

function useColumns(onOpen: (e: AuditEntry) => void): ListColumn<AuditEntry>[] {
  const { t } = useTranslation();
  return [
    { key: "when", label: t("settings.audit.when"), sort: "CreatedOnUtc", cell: (e) => <Time at={e.CreatedOnUtc} /> },
    {
      key: "who",
      label: t("settings.audit.who"),
      cell: (e) => <span className={classes.wrap}>{e.Actor || e.ActorId}</span>,
    },
    {
      key: "what",
      label: t("settings.audit.what"),
      head: true,
      cell: (e) => (
        <div className={classes.two}>
          <button type="button" className={classes.open} onClick={() => onOpen(e)}>
            {actionWords(e.Action)}
            {e.Count > 1 && <span className={classes.tag}>{t("settings.audit.times", { count: e.Count })}</span>}
          </button>
          <span>{e.Object}</span>
        </div>
      ),
    },
    { key: "account", label: t("settings.audit.account"), wide: true, cell: (e) => e.Account || e.AccountId },
    {
      key: "outcome",
      label: t("settings.audit.outcome"),
      cell: (e) =>
        e.Outcome === "Refused" ? (
          <Status of="Error" word={t("settings.audit.refused")} plain />
        ) : (
          <Status of="Success" word={t("settings.audit.done")} plain />
        ),
    },
    { key: "address", label: t("settings.audit.address"), wide: true, cell: (e) => e.Address },
  ];
}
