import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Incident } from "../api/schema";
import type { PageFilter } from "../search";
import { useMay } from "../session/may";
import { Dialog } from "../ui/Dialog";
import { shortId } from "../ui/format";
import { List, type ListColumn } from "../ui/List";
import { StatusIcon } from "../ui/Status";
import { say } from "../ui/say";
import { Time } from "../ui/Time";
import { useAddress } from "../ui/useAddress";
import { clearIncidents, incidentsQuery, useCyclesChanged } from "./calls";
import classes from "./cycle.module.css";

const pageSize = 50;

/** What went wrong in a cycle, newest first. */
export function IncidentsTab() {
  const { t } = useTranslation();
  const { account, cycle } = useParams({ from: "/inside/accounts/$account/cycles/$cycle" });
  const [{ page = 1 }] = useAddress<PageFilter>();
  const list = useQuery(incidentsQuery(account, cycle, page, pageSize));
  const [clearing, setClearing] = useState(false);
  const may = useMay();
  const columns: ListColumn<Incident>[] = [
    { key: "message", label: t("cycle.incident"), width: 240, cell: (row) => <Said account={account} of={row} /> },
    {
      key: "step",
      label: t("errors.step"),
      width: 100,
      wide: true,
      cell: (row) => row.StepName || shortId(row.StepId),
    },
    { key: "when", label: t("errors.when"), right: true, width: 60, cell: (row) => <Time at={row.CreatedOnUtc} /> },
  ];
  const total = list.data?.total ?? 0;
  return (
    <>
      <List
        label={t("cycle.incidents")}
        list={list}
        columns={columns}
        rowKey={(row) => row.Id}
        actions={
          may("Accounts", "Edit") &&
          total > 0 && (
            <Button variant="default" onClick={() => setClearing(true)}>
              {t("cycle.clear")}
            </Button>
          )
        }
        empty={{ icon: CircleCheck, title: t("cycle.noIncidents"), hint: t("cycle.noIncidentsHint") }}
      />
      {clearing && <ClearDialog account={account} cycle={cycle} total={total} onClose={() => setClearing(false)} />}
    </>
  );
}

function Said({ account, of }: { account: string; of: Incident }) {
  return (
    <div className={classes.incident}>
      <StatusIcon of={of.IncidentLevel} />
      <div>
        <Link
          to="/accounts/$account/cycles/$cycle/transactions/$transaction"
          params={{ account, cycle: of.CycleId, transaction: of.TransactionId }}
          className="row-link"
        >
          {of.ShortMessage || of.FullMessage}
        </Link>
        {of.FullMessage !== of.ShortMessage && <p>{of.FullMessage}</p>}
      </div>
    </div>
  );
}

interface ClearProps {
  account: string;
  cycle: string;
  total: number;
  onClose(): void;
}

function ClearDialog({ account, cycle, total, onClose }: ClearProps) {
  const { t } = useTranslation();
  const changed = useCyclesChanged(account);
  const clear = useMutation({
    mutationFn: () => clearIncidents(account, cycle),
    onSuccess: async () => {
      await changed();
      say(t("cycle.cleared"));
      onClose();
    },
  });
  return (
    <Dialog
      title={t("cycle.clearTitle")}
      act={t("cycle.clear")}
      danger
      busy={clear.isPending}
      error={clear.error}
      onAct={() => clear.mutate()}
      onClose={onClose}
    >
      <p>{t("cycle.clearSays", { count: total })}</p>
    </Dialog>
  );
}
