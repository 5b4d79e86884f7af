import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Cycle } from "../api/schema";
import { transactionsQuery } from "../transaction/calls";
import { TransactionTable } from "../transaction/TransactionTable";
import { Failure } from "../ui/State";
import classes from "./cycle.module.css";

const few = 5;

/** The newest transactions of a cycle. */
export function Recent({ account, of }: { account: string; of: Cycle }) {
  const { t } = useTranslation();
  const list = useQuery(transactionsQuery(account, { cycle: of.Id, page: 1, pageSize: few }));
  return (
    <section className={classes.part} aria-label={t("cycle.recent")}>
      <header className={classes.partHead}>
        <h2>{t("cycle.recent")}</h2>
        <Link to="/accounts/$account/transactions" params={{ account }} search={{ cycle: of.Id }}>
          {t("cycle.allTransactions")}
        </Link>
      </header>
      {list.isError && !list.data ? (
        <Failure error={list.error} onRetry={() => list.refetch()} />
      ) : list.data?.rows.length === 0 ? (
        <p className={classes.says}>{t("transactions.emptyHint")}</p>
      ) : (
        <TransactionTable label={t("cycle.recent")} account={account} rows={list.data?.rows} few={few} />
      )}
    </section>
  );
}
