import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Layers } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Rollout, RolloutCycle } from "../api/schema";
import { Choice } from "../ui/Choice";
import { List, type ListColumn } from "../ui/List";
import { Status } from "../ui/Status";
import { Time } from "../ui/Time";
import { useAddress } from "../ui/useAddress";
import { type Outcome, outcomes, type RolledFilter, rolledQuery } from "./calls";
import { Losses } from "./Losses";
import classes from "./upgrade.module.css";

/** The states that outcomes look like. */
const looks: Record<Outcome, string> = {
  Pending: "Queued",
  Upgraded: "Success",
  Unchanged: "Completed",
  Failed: "Failed",
  Gone: "Deprecated",
  Cancelled: "Cancelled",
};

/** The cycles of a rollout, with what became of each. */
export function Rolled({ of }: { of: Rollout }) {
  const { t } = useTranslation();
  const [address, set] = useAddress<RolledFilter>();
  const list = useQuery(rolledQuery(of.TemplateId, of.Id, address));
  const columns: ListColumn<RolloutCycle>[] = [
    { key: "cycle", label: t("upgrade.cycle"), sort: "CycleName", width: 110, cell: (c) => <Name of={c} /> },
    { key: "account", label: t("upgrade.account"), sort: "AccountName", width: 90, cell: (c) => c.AccountName },
    { key: "outcome", label: t("upgrade.outcome"), width: 70, cell: (c) => <Came of={c} /> },
    { key: "result", label: t("upgrade.result"), width: 150, cell: (c) => <Result of={c} /> },
    {
      key: "ended",
      label: t("upgrade.ended"),
      sort: "EndedOnUtc",
      width: 60,
      wide: true,
      cell: (c) => <Ended of={c} />,
    },
  ];
  return (
    <List
      label={t("upgrade.rolled")}
      list={list}
      columns={columns}
      rowKey={(c) => c.CycleId}
      cards
      filters={
        <Choice
          label={t("upgrade.outcome")}
          all={t("upgrade.anyOutcome")}
          value={address.outcome}
          options={outcomes.map((value) => ({ value, label: t(`upgrade.came.${value}`) }))}
          onChange={(outcome) => set({ outcome })}
        />
      }
      empty={{ icon: Layers, title: t("upgrade.noneRolled") }}
    />
  );
}

/** A cycle by name; one that is gone leads nowhere. */
function Name({ of }: { of: RolloutCycle }) {
  if (of.Outcome === "Gone" || !of.AccountId) return <>{of.CycleName}</>;
  return (
    <Link
      to="/accounts/$account/cycles/$cycle"
      params={{ account: of.AccountId, cycle: of.CycleId }}
      className="row-link"
    >
      {of.CycleName}
    </Link>
  );
}

function Came({ of }: { of: RolloutCycle }) {
  const { t } = useTranslation();
  return <Status of={looks[of.Outcome]} word={t(`upgrade.came.${of.Outcome}`)} />;
}

const Ended = ({ of }: { of: RolloutCycle }) => <Time at={of.EndedOnUtc} />;

/** Why it stayed as it was, or what was lost. */
function Result({ of }: { of: RolloutCycle }) {
  const { t } = useTranslation();
  if (of.Reason) return <span className={classes.why}>{of.Reason}</span>;
  const lost = of.Lost ?? [];
  if (lost.length === 0) return null;
  return (
    <details className={classes.lost}>
      <summary>{t("upgrade.lostCount", { count: lost.length })}</summary>
      <Losses list={lost} />
    </details>
  );
}
