import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Workflow } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Cycle } from "../api/schema";
import { cycleStatuses } from "../search";
import { useMay } from "../session/may";
import { Choice } from "../ui/Choice";
import { Count } from "../ui/Count";
import { List, type ListColumn } from "../ui/List";
import { Status } from "../ui/Status";
import { Time } from "../ui/Time";
import { useAddress } from "../ui/useAddress";
import { Activity } from "./Activity";
import type { CycleListFilter } from "./address";
import type { Open } from "./CycleDialog";
import { CycleMenu } from "./CycleMenu";
import { CycleName } from "./CycleName";
import { cycleListQuery } from "./calls";
import classes from "./cycle.module.css";
import { useSchedule } from "./schedule";

interface Props {
  account: string;
  /** What adds to the list. */
  add: ReactNode;
  onOpen(open: Open): void;
}

/** The cycles of an account, each with what it does and what can be done with it. */
export function CycleList({ account, add, onOpen }: Props) {
  const { t } = useTranslation();
  const [address, set] = useAddress<CycleListFilter>();
  const list = useQuery(cycleListQuery(account, address));
  const columns: ListColumn<Cycle>[] = [
    {
      key: "name",
      label: t("cycles.name"),
      sort: "Name",
      width: 200,
      cell: (row) => <CycleName account={account} of={row} />,
    },
    { key: "status", label: t("cycles.status"), width: 70, cell: (row) => <Status of={row.Status} /> },
    { key: "activity", label: t("cycle.activity"), width: 96, cell: (row) => <Activity days={row.Activity} /> },
    { key: "schedule", label: t("cycles.schedule"), width: 90, wide: true, cell: (row) => <Schedule of={row} /> },
    {
      key: "last",
      label: t("cycles.lastRun"),
      width: 60,
      wide: true,
      cell: (row) => <Time at={row.LastSuccessfulRunDate} none={t("time.never")} />,
    },
    {
      key: "progress",
      label: t("cycles.inProgress"),
      width: 40,
      right: true,
      wide: true,
      cell: (row) => <Count n={row.InProgressTransactionCount} />,
    },
    {
      key: "errors",
      label: t("cycles.errors"),
      width: 40,
      right: true,
      wide: true,
      cell: (row) => <Count n={row.ErrorCount} tone="bad" />,
    },
    {
      key: "action",
      label: t("cycles.action"),
      width: 60,
      right: true,
      silent: true,
      cell: (row) => <Act account={account} of={row} onOpen={onOpen} />,
    },
  ];
  return (
    <List
      label={t("account.cycles")}
      list={list}
      columns={columns}
      rowKey={(row) => row.Id}
      cards
      search={t("cycles.search")}
      filters={
        <Choice
          label={t("cycles.status")}
          all={t("cycles.anyStatus")}
          value={address.status}
          options={cycleStatuses.map((value) => ({ value, label: t(`status.${value}`) }))}
          onChange={(status) => set({ status })}
        />
      }
      actions={add && <span className={classes.adds}>{add}</span>}
      empty={{ icon: Workflow, title: t("cycles.empty"), hint: t("cycle.emptyHint") }}
    />
  );
}

/** When a cycle runs, and, if that is known, when next. */
function Schedule({ of }: { of: Cycle }) {
  const { t } = useTranslation();
  const words = useSchedule();
  return (
    <span className={classes.schedule}>
      <span className="nowrap">{of.RunOnce ? t("cycle.once") : words(of.Interval)}</span>
      {of.NextRunOnUtc && (
        <span className="faint">
          {t("cycle.next")} <Time at={of.NextRunOnUtc} />
        </span>
      )}
    </span>
  );
}

/** Starts or stops a cycle, and the rest behind a menu. */
function Act({ account, of, onOpen }: { account: string; of: Cycle; onOpen(open: Open): void }) {
  const { t } = useTranslation();
  const may = useMay();
  const what = of.Status === "Paused" ? "start" : "stop";
  if (!may("Accounts", "Edit")) return null;
  return (
    <span className={classes.acts}>
      <Button
        size="xs"
        variant="default"
        className={classes.act}
        aria-label={t(what === "start" ? "cycles.startNamed" : "cycles.stopNamed", { name: of.Name })}
        onClick={() => onOpen({ what, cycle: of })}
      >
        {t(`cycles.${what}`)}
      </Button>
      <CycleMenu account={account} of={of} onOpen={onOpen} />
    </span>
  );
}
