import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowLeft, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { binQuery, restoreAccount } from "../account/calls";
import type { Account } from "../api/schema";
import { useMay } from "../session/may";
import { CopyId } from "../ui/CopyId";
import { Dialog } from "../ui/Dialog";
import { parseDate } from "../ui/format";
import { List, type ListColumn } from "../ui/List";
import { PageHead } from "../ui/PageHead";
import { say } from "../ui/say";
import { Time } from "../ui/Time";

const binDays = 30;

/** Accounts that were deleted and can be restored. */
export function Bin() {
  const { t } = useTranslation();
  const { query = "", page = 1 } = useSearch({ from: "/inside/accounts" });
  const navigate = useNavigate({ from: "/accounts" });
  const may = useMay();
  const [restoring, setRestoring] = useState<Account | null>(null);
  const list = useQuery(binQuery(query, page));
  const columns: ListColumn<Account>[] = [
    { key: "name", label: t("tenant.bin.name"), width: 180, cell: (a) => <strong>{a.Name}</strong> },
    { key: "id", label: t("tenant.id"), width: 120, wide: true, cell: (a) => <CopyId id={a.Id} /> },
    { key: "deleted", label: t("tenant.bin.deleted"), width: 70, cell: (a) => <Time at={a.DeletedDate} /> },
    { key: "leaves", label: t("tenant.bin.leaves"), width: 70, wide: true, cell: (a) => <Time at={leaves(a)} /> },
    {
      key: "act",
      label: t("tenant.bin.restore"),
      silent: true,
      right: true,
      width: 60,
      cell: (a) =>
        may("Accounts", "Manage") && (
          <Button
            size="xs"
            variant="default"
            aria-label={t("tenant.bin.restoreNamed", { name: a.Name })}
            onClick={() => setRestoring(a)}
          >
            {t("tenant.bin.restore")}
          </Button>
        ),
    },
  ];
  return (
    <>
      <PageHead title={t("tenant.bin.title")} lead={t("tenant.bin.lead")} docs="accounts#the-recycle-bin">
        <Button
          variant="default"
          leftSection={<ArrowLeft size={15} aria-hidden />}
          onClick={() => navigate({ search: {} })}
        >
          {t("error.toAccounts")}
        </Button>
      </PageHead>
      <List
        label={t("tenant.bin.title")}
        list={list}
        columns={columns}
        rowKey={(a) => `${a.Id} ${a.DeletedDate}`}
        search={t("tenant.bin.search")}
        place={["deleted"]}
        empty={{ icon: Trash2, title: t("tenant.bin.empty"), hint: t("tenant.bin.emptyHint") }}
      />
      {restoring && <RestoreDialog account={restoring} onClose={() => setRestoring(null)} />}
    </>
  );
}

function leaves(a: Account): string | null {
  const from = parseDate(a.DeletedDate);
  return from && new Date(from.getTime() + binDays * 86_400_000).toISOString();
}

function RestoreDialog({ account, onClose }: { account: Account; onClose(): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const name = account.Name;
  const restore = useMutation({
    mutationFn: () => restoreAccount(account.Id),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["accounts"] });
      void queries.invalidateQueries({ queryKey: ["account"] });
      say(t("tenant.bin.restored", { name }));
      onClose();
    },
  });
  return (
    <Dialog
      title={t("tenant.bin.restoreNamed", { name })}
      act={t("tenant.bin.restore")}
      busy={restore.isPending}
      error={restore.error}
      onAct={restore.mutate}
      onClose={onClose}
    >
      <p>{t("tenant.bin.restoreLead", { name })}</p>
    </Dialog>
  );
}
