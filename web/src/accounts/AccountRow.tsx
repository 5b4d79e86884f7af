import { Skeleton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Account, AccountActivity } from "../api/schema";
import { Activity } from "../cycle/Activity";
import { CopyId } from "../ui/CopyId";
import { Count } from "../ui/Count";
import { Status } from "../ui/Status";
import { Cell } from "../ui/Table";
import { Time } from "../ui/Time";
import { AccountMenu, type Asked } from "./AccountMenu";
import classes from "./accounts.module.css";
import type { Row } from "./tree";

/** How an account fares; null: it is not known, undefined: not yet. */
export type Figures = AccountActivity | null | undefined;

interface Props {
  row: Row;
  figures: Figures;
  folded: boolean;
  onFold(id: string, close: boolean): void;
  onAsk(what: Asked, account: Account): void;
}

const steps = ["0", "1", "2", "3", "4", "5"];

export function AccountRow({ row, figures, folded, onFold, onAsk }: Props) {
  const { t } = useTranslation();
  const { account, depth, children, parent } = row;
  const name = account.Name;
  return (
    <tr data-fold={children > 0 ? (folded ? "closed" : "open") : undefined}>
      <Cell>
        <div className={classes.name} data-depth={steps[Math.min(depth, 5)]}>
          {children > 0 ? (
            <button
              type="button"
              className={classes.fold}
              aria-expanded={!folded}
              aria-label={t(folded ? "accounts.expand" : "accounts.collapse", { name })}
              onClick={() => onFold(account.Id, !folded)}
            >
              <ChevronRight size={14} aria-hidden />
            </button>
          ) : (
            <span className={classes.leaf} />
          )}
          <Link to="/accounts/$account/cycles" params={{ account: account.Id }} className="row-link" data-row>
            {name}
            {parent && <span className="sr-only"> ({t("accounts.below", { name: parent })})</span>}
          </Link>
          {children > 0 && folded && <span className={classes.count}>{children}</span>}
        </div>
      </Cell>
      <Cell wide>
        <CopyId id={account.Id} />
      </Cell>
      <Cell wide>
        <Status of={account.Enabled ? "Active" : "Suspended"} plain />
      </Cell>
      <Figure wide of={figures} show={(a) => t("accounts.activeOf", { active: a.ActiveCycles, total: a.Cycles })} />
      <Figure wide of={figures} show={(a) => <Activity days={a.Activity} />} />
      <Figure of={figures} show={(a) => <Count n={a.TasksUsed} />} />
      <Figure wide of={figures} show={(a) => <Count n={a.Errors} tone="bad" />} />
      <Figure wide of={figures} show={(a) => <Time at={a.LastRunOnUtc} none={t("time.never")} />} />
      <Cell right>
        <AccountMenu account={account} onAsk={(what) => onAsk(what, account)} />
      </Cell>
    </tr>
  );
}

/** A cell of what was asked for. */
function Figure({ of, wide, show }: { of: Figures; wide?: boolean; show(of: AccountActivity): ReactNode }) {
  const { t } = useTranslation();
  return (
    <Cell right wide={wide}>
      {of ? (
        show(of)
      ) : of === null ? (
        <span className="faint">{t("time.none")}</span>
      ) : (
        <Skeleton height={10} width={36} display="inline-block" />
      )}
    </Cell>
  );
}

/** Arrow keys between the names of a tree of accounts, and to fold it. */
export function rowKeys(e: KeyboardEvent<HTMLElement>): void {
  const link = (e.target as HTMLElement).closest<HTMLElement>("a[data-row]");
  if (!link || e.altKey || e.ctrlKey || e.metaKey) return;
  const links = [...e.currentTarget.querySelectorAll<HTMLElement>("a[data-row]")];
  const next = neighbour(e.key, links.indexOf(link), links.length - 1);
  const unfold = { ArrowRight: "closed", ArrowLeft: "open" }[e.key];
  if (next === undefined && unfold === undefined) return;
  e.preventDefault();
  if (next !== undefined) links[next]?.focus();
  const row = link.closest("tr");
  if (unfold && row?.dataset.fold === unfold) row.querySelector<HTMLElement>("button[aria-expanded]")?.click();
}

function neighbour(key: string, at: number, last: number): number | undefined {
  if (key === "ArrowDown") return at + 1;
  if (key === "ArrowUp") return at - 1;
  if (key === "Home") return 0;
  if (key === "End") return last;
  return undefined;
}
