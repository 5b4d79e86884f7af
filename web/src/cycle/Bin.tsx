import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Cycle } from "../api/schema";
import { useMay } from "../session/may";
import { parseDate } from "../ui/format";
import { Learn } from "../ui/Learn";
import { List, type ListColumn } from "../ui/List";
import { Refusal } from "../ui/Refusal";
import { say } from "../ui/say";
import { Time } from "../ui/Time";
import { useAddress } from "../ui/useAddress";
import type { CycleListFilter } from "./address";
import { UsedConnectors } from "./CycleName";
import { cycleListQuery, restoreCycle, useCyclesChanged } from "./calls";
import classes from "./cycle.module.css";

const binDays = 90;

/** Cycles that were deleted, and can be had back. */
export function Bin({ account }: { account: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const changed = useCyclesChanged(account);
  const [address] = useAddress<CycleListFilter>();
  const list = useQuery(cycleListQuery(account, address));
  const restore = useMutation({
    mutationFn: (id: string) => restoreCycle(account, id),
    onSuccess: async ({ Name: name }) => {
      await changed();
      say(t("cycle.restored", { name }));
    },
  });
  const columns: ListColumn<Cycle>[] = [
    {
      key: "name",
      label: t("cycles.name"),
      sort: "Name",
      width: 200,
      cell: (row) => (
        <div className={classes.name}>
          <strong>{row.Name}</strong>
          <UsedConnectors of={row} />
        </div>
      ),
    },
    { key: "deleted", label: t("cycle.deletedOn"), width: 60, cell: (row) => <Time at={row.DeletedOnUtc} /> },
    { key: "leaves", label: t("cycle.leavesOn"), width: 60, wide: true, cell: (row) => <Time at={leaves(row)} /> },
    {
      key: "act",
      label: t("cycles.action"),
      silent: true,
      right: true,
      width: 60,
      cell: (row) =>
        may("Accounts", "Edit") && (
          <Button
            size="xs"
            variant="default"
            aria-label={t("cycle.restoreOf", { name: row.Name })}
            loading={restore.isPending && restore.variables === row.Id}
            onClick={() => restore.mutate(row.Id)}
          >
            {t("cycle.restore")}
          </Button>
        ),
    },
  ];
  return (
    <>
      <div className={classes.foot}>
        <Link to="/accounts/$account/cycles" params={{ account }} className="quiet">
          <ArrowLeft size={13} aria-hidden />
          {t("cycle.all")}
        </Link>
        <Learn docs="running#the-recycle-bin" />
      </div>
      <Refusal error={restore.error} />
      <List
        label={t("cycle.bin")}
        list={list}
        columns={columns}
        rowKey={(row) => row.Id}
        search={t("cycles.search")}
        place={["deleted"]}
        empty={{ icon: Trash2, title: t("cycle.emptyBin"), hint: t("cycle.emptyBinHint") }}
      />
    </>
  );
}

function leaves(c: Cycle): string | null {
  const from = parseDate(c.DeletedOnUtc);
  return from && new Date(from.getTime() + binDays * 86_400_000).toISOString();
}
