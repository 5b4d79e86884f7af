import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Transaction } from "../api/schema";
import { Count } from "../ui/Count";
import { shortId } from "../ui/format";
import { Duration, Time } from "../ui/Time";
import { isFinal } from "./merge";
import classes from "./transaction.module.css";

/** What a transaction came to, in one line. */
export function Summary({ account, transaction: tx }: { account: string; transaction: Transaction }) {
  const { t } = useTranslation();
  return (
    <dl className={classes.summary}>
      <Fact label={t("transactions.started")}>
        <Time at={tx.CreatedOnUtc} />
      </Fact>
      <Fact label={t("transactions.duration")}>
        <Duration from={tx.CreatedOnUtc} to={tx.FinishedOnUtc} running={!isFinal(tx.Status)} />
      </Fact>
      <Fact label={t("transactions.tasks")}>
        <Count n={tx.TasksUsed} />
      </Fact>
      <Fact label={t("transactions.errors")}>
        <Count n={tx.ErrorCount} tone="bad" />
      </Fact>
      {tx.Status === "Waiting" && tx.WakeOnUtc && (
        <Fact label={t("transactions.wakes")}>
          <Time at={tx.WakeOnUtc} />
        </Fact>
      )}
      {tx.Children > 0 && (
        <Fact label={t("transactions.children")}>
          <Count n={tx.Children} />
        </Fact>
      )}
      {tx.RepeatOf && (
        <Fact label={t("transaction.repeatOf")}>
          <Link
            to="/accounts/$account/cycles/$cycle/transactions/$transaction"
            params={{ account, cycle: tx.CycleId, transaction: tx.RepeatOf }}
            className={`row-link ${classes.id}`}
          >
            {shortId(tx.RepeatOf)}
          </Link>
        </Fact>
      )}
      {tx.ParentId && (
        <Fact label={t("transactions.parent")}>
          <Link
            to="/accounts/$account/cycles/$cycle/transactions/$transaction"
            params={{ account, cycle: tx.CycleId, transaction: tx.ParentId }}
            className={`row-link ${classes.id}`}
          >
            {shortId(tx.ParentId)}
          </Link>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
