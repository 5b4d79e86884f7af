import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Transaction } from "../api/schema";
import { Count } from "../ui/Count";
import { shortId } from "../ui/format";
import { Status } from "../ui/Status";
import { Cell } from "../ui/Table";
import { Duration, Time } from "../ui/Time";
import { isFinal } from "./merge";
import classes from "./transaction.module.css";

interface Props {
  account: string;
  transaction: Transaction;
  /** null: it is not known; undefined: it is not said. */
  cycleName: string | null | undefined;
  /** It came while the list was on screen. */
  fresh: boolean;
}

export function TransactionRow({ account, transaction: tx, cycleName, fresh }: Props) {
  const { t } = useTranslation();
  return (
    <tr className={fresh ? classes.fresh : undefined}>
      <Cell>
        <Status of={tx.Status} />
      </Cell>
      <Cell>
        <Link
          to="/accounts/$account/cycles/$cycle/transactions/$transaction"
          params={{ account, cycle: tx.CycleId, transaction: tx.Id }}
          className={`row-link ${classes.id}`}
        >
          <span className="sr-only">{t("transactions.open")} </span>
          {shortId(tx.Id)}
        </Link>
      </Cell>
      {cycleName !== undefined && <Cell wide>{cycleName ?? <span className="faint">{shortId(tx.CycleId)}</span>}</Cell>}
      <Cell>
        <Time at={tx.CreatedOnUtc} />
      </Cell>
      <Cell right wide>
        <Duration from={tx.CreatedOnUtc} to={tx.FinishedOnUtc} running={!isFinal(tx.Status)} />
      </Cell>
      <Cell right wide>
        {tx.Children > 0 && <Count n={tx.Children} />}
      </Cell>
      <Cell right wide>
        <Count n={tx.TasksUsed} />
      </Cell>
      <Cell right wide>
        <Count n={tx.ErrorCount} tone="bad" />
      </Cell>
    </tr>
  );
}
