import { Skeleton } from "@mantine/core";
import { useInViewport } from "@mantine/hooks";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { usageQuery } from "../account/calls";
import type { Account } from "../api/schema";
import { Activity } from "../cycle/Activity";
import { CopyId } from "../ui/CopyId";
import { Count } from "../ui/Count";
import { Status } from "../ui/Status";
import { Cell } from "../ui/Table";
import { Time } from "../ui/Time";
import { AccountMenu, type Asked } from "./AccountMenu";
import classes from "./accounts.module.css";
import { activityQuery } from "./activity";
import type { Row } from "./tree";

interface Props {
  row: Row;
  folded: boolean;
  onFold(id: string, close: boolean): void;
  onAsk(what: Asked, account: Account): void;
}

const steps = ["0", "1", "2", "3", "4", "5"];

export function AccountRow({ row: { account, depth, children, parent }, folded, onFold, onAsk }: Props) {
  const { t } = useTranslation();
  const name = account.Name;
  // Figures are asked for when they come into view: there may be very many accounts.
  const { ref, inViewport: enabled } = useInViewport<HTMLTableRowElement>();
  const usage = useQuery({ ...usageQuery(account.Id), enabled });
  const activity = useQuery({ ...activityQuery(account.Id), enabled });
  return (
    <tr ref={ref} data-fold={children > 0 ? (folded ? "closed" : "open") : undefined}>
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
      <Figure wide of={activity} show={(a) => t("accounts.activeOf", { active: a.active, total: a.cycles })} />
      <Figure wide of={activity} show={(a) => <Activity days={a.days} />} />
      <Figure of={usage} show={(u) => <Count n={u.TasksUsed} />} />
      <Figure wide of={activity} show={(a) => <Count n={a.errors} tone="bad" />} />
      <Figure wide of={activity} show={(a) => <Time at={a.last} none={t("time.never")} />} />
      <Cell right>
        <AccountMenu account={account} onAsk={(what) => onAsk(what, account)} />
      </Cell>
    </tr>
  );
}

interface FigureProps<T> {
  of: UseQueryResult<T>;
  wide?: boolean;
  show(data: T): ReactNode;
}

/** A cell of what was asked for. */
function Figure<T>({ of, wide, show }: FigureProps<T>) {
  const { t } = useTranslation();
  return (
    <Cell right wide={wide}>
      {of.data !== undefined ? (
        show(of.data)
      ) : of.isError ? (
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
