import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { SearchX, Workflow } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Cycle } from "../api/schema";
import { ConnectorIcon } from "../connector/ConnectorIcon";
import { connectorsQuery } from "../connector/calls";
import { cycleStatuses } from "../search";
import { Choice } from "../ui/Choice";
import { Count } from "../ui/Count";
import { Search } from "../ui/Search";
import { Empty, Failure } from "../ui/State";
import { Status } from "../ui/Status";
import { Cell, type Column, Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { cyclesQuery } from "./calls";
import classes from "./cycle.module.css";
import { useSchedule } from "./schedule";

const StartDialog = lazy(async () => ({ default: (await import("./StartDialog")).StartDialog }));
const StopDialog = lazy(async () => ({ default: (await import("./StopDialog")).StopDialog }));

type Open = { what: "start" | "stop"; cycle: Cycle };

/** An account's cycles, each with start and stop. */
export function CyclesTab() {
  const { t } = useTranslation();
  const { account } = useParams({ from: "/inside/accounts/$account/cycles" });
  const { query, status } = useSearch({ from: "/inside/accounts/$account/cycles" });
  const navigate = useNavigate({ from: "/accounts/$account/cycles" });
  const cycles = useQuery(cyclesQuery(account));
  const connectors = useQuery(connectorsQuery(account));
  const [open, setOpen] = useState<Open | null>(null);

  if (cycles.isError && !cycles.data) return <Failure error={cycles.error} onRetry={() => cycles.refetch()} />;
  if (cycles.data?.length === 0) {
    return (
      <Empty icon={Workflow} title={t("cycles.empty")}>
        {t("cycles.emptyHint")}
        <pre>{"POST /v1.0/templates/{id}/install"}</pre>
      </Empty>
    );
  }
  const shown = cycles.data?.filter((c) => matches(c, query, status)) ?? [];
  const icons = new Map(connectors.data?.map((c) => [c.Id, c.Connector.Icon]));
  const columns: Column[] = [
    { key: "name", label: t("cycles.name"), width: 200 },
    { key: "status", label: t("cycles.status"), width: 70 },
    { key: "schedule", label: t("cycles.schedule"), width: 90, wide: true },
    { key: "last", label: t("cycles.lastRun"), width: 60, wide: true },
    { key: "progress", label: t("cycles.inProgress"), width: 40, right: true, wide: true },
    { key: "tasks", label: t("cycles.tasks"), width: 40, right: true, wide: true },
    { key: "errors", label: t("cycles.errors"), width: 40, right: true, wide: true },
    { key: "action", label: t("cycles.action"), width: 60, right: true, silent: true },
  ];
  return (
    <>
      <div className="filters">
        <Search
          label={t("cycles.search")}
          value={query ?? ""}
          onChange={(v) => navigate({ search: (s) => ({ ...s, query: v || undefined }), replace: true })}
        />
        <Choice
          label={t("cycles.status")}
          all={t("cycles.anyStatus")}
          value={status}
          options={cycleStatuses.map((value) => ({ value, label: t(`status.${value}`) }))}
          onChange={(v) => navigate({ search: (s) => ({ ...s, status: v }), replace: true })}
        />
      </div>
      {cycles.data && shown.length === 0 ? (
        <Empty icon={SearchX} title={t("cycles.noMatch")}>
          <Button variant="default" onClick={() => navigate({ search: {}, replace: true })}>
            {t("action.clear")}
          </Button>
        </Empty>
      ) : (
        <Table label={t("account.cycles")} columns={columns} loading={cycles.isPending ? 4 : undefined}>
          {shown.map((cycle) => (
            <CycleRow
              key={cycle.Id}
              account={account}
              cycle={cycle}
              icons={icons}
              onOpen={(what) => setOpen({ what, cycle })}
            />
          ))}
        </Table>
      )}
      <Suspense>
        {open?.what === "start" && <StartDialog account={account} cycle={open.cycle} onClose={() => setOpen(null)} />}
        {open?.what === "stop" && <StopDialog account={account} cycle={open.cycle} onClose={() => setOpen(null)} />}
      </Suspense>
    </>
  );
}

function matches(cycle: Cycle, query: string | undefined, status: string | undefined): boolean {
  const named = !query || cycle.Name.toLowerCase().includes(query.toLowerCase());
  return named && (!status || cycle.Status === status);
}

interface RowProps {
  account: string;
  cycle: Cycle;
  /** By account connector. */
  icons: Map<number, string>;
  onOpen(what: Open["what"]): void;
}

function CycleRow({ account, cycle, icons, onOpen }: RowProps) {
  const { t } = useTranslation();
  const name = cycle.Name;
  const what = cycle.Status === "Paused" ? "start" : "stop";
  return (
    <tr>
      <Cell>
        <div className={classes.name}>
          <Link
            to="/accounts/$account/transactions"
            params={{ account }}
            search={{ cycle: cycle.Id }}
            className="row-link"
            title={t("cycles.showTransactions", { name })}
          >
            {name}
          </Link>
          <span className={classes.connectors}>
            {cycle.Connectors.map((c) => (
              <span key={c.Id}>
                <ConnectorIcon icon={c.Icon || icons.get(c.AccountConnectorId ?? 0)} name={c.Name} small />
                {c.Name}
              </span>
            ))}
          </span>
        </div>
      </Cell>
      <Cell>
        <Status of={cycle.Status} />
      </Cell>
      <Cell wide>
        <Schedule minutes={cycle.Interval} />
      </Cell>
      <Cell wide>
        <Time at={cycle.LastSuccessfulRunDate} none={t("time.never")} />
      </Cell>
      <Cell right wide>
        <Count n={cycle.InProgressTransactionCount} />
      </Cell>
      <Cell right wide>
        <Count n={cycle.TasksUsed} />
      </Cell>
      <Cell right wide>
        <Count n={cycle.ErrorCount} tone="bad" />
      </Cell>
      <Cell right>
        <Button
          size="xs"
          variant="default"
          className={classes.act}
          aria-label={t(what === "start" ? "cycles.startNamed" : "cycles.stopNamed", { name })}
          onClick={() => onOpen(what)}
        >
          {t(`cycles.${what}`)}
        </Button>
      </Cell>
    </tr>
  );
}

function Schedule({ minutes }: { minutes: number }) {
  const words = useSchedule();
  return <span className="nowrap">{words(minutes)}</span>;
}
