import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Pager } from "../ui/Pager";
import { Failure } from "../ui/State";
import { childrenQuery } from "./calls";
import { TransactionTable } from "./TransactionTable";
import classes from "./transaction.module.css";

interface Props {
  account: string;
  transaction: string;
  cycleNames: Map<string, string>;
}

/** The transactions that one was split into. */
export function Children({ account, transaction, cycleNames }: Props) {
  const { t } = useTranslation();
  const [page, setPage] = useState(1);
  const list = useQuery(childrenQuery(account, transaction, page));
  return (
    <section className={classes.children} aria-label={t("transactions.children")}>
      <h2>{t("transactions.children")}</h2>
      {list.isError && !list.data ? (
        <Failure error={list.error} onRetry={() => list.refetch()} />
      ) : (
        <>
          <TransactionTable
            label={t("transactions.children")}
            account={account}
            rows={list.data?.rows}
            cycleNames={cycleNames}
          />
          {list.data && <Pager page={page} pages={list.data.pages} onPage={setPage} />}
        </>
      )}
    </section>
  );
}
