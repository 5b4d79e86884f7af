import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Activity, SearchX } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import { cyclesQuery } from "../cycle/calls";
import { transactionStatuses } from "../search";
import { Choice } from "../ui/Choice";
import { Pager } from "../ui/Pager";
import { Empty, Failure } from "../ui/State";
import { followed, transactionsQuery } from "./calls";
import { Jobs } from "./Jobs";
import { LiveDot } from "./LiveDot";
import { ManyMenu } from "./ManyMenu";
import { merge } from "./merge";
import { TransactionTable } from "./TransactionTable";
import classes from "./transaction.module.css";
import { useLive } from "./useLive";

const pageSize = 50;

/** An account's transactions, newest first, as they happen. */
export function TransactionsTab() {
  const { t } = useTranslation();
  const { account } = useParams({ from: "/inside/accounts/$account/transactions" });
  const { cycle, status, page = 1 } = useSearch({ from: "/inside/accounts/$account/transactions" });
  const navigate = useNavigate({ from: "/accounts/$account/transactions" });
  const queries = useQueryClient();
  const cycles = useQuery(cyclesQuery(account));
  const query = { ...transactionsQuery(account, { cycle, status, page, pageSize }), meta: followed };
  const list = useQuery(query);
  const fresh = useRef(new Set<string>());
  const live = useLive({
    account,
    cycle,
    enabled: list.isSuccess,
    onTransactions: (changed) => {
      const before = queries.getQueryData(query.queryKey);
      if (!before) {
        // What is being asked for may be older than this: ask again.
        void queries.invalidateQueries({ queryKey: query.queryKey });
        return;
      }
      const after = merge(before, changed, { cycle, status }, pageSize);
      const known = new Set(before.rows.map((r) => r.Id));
      for (const r of after.rows) if (!known.has(r.Id)) fresh.current.add(r.Id);
      queries.setQueryData(query.queryKey, after);
    },
    onResume: () => void list.refetch(),
  });

  const names = new Map(cycles.data?.map((c) => [c.Id, c.Name]));
  const filtered = cycle !== undefined || status !== undefined;
  const { error } = list;
  const noSuchCycle = cycle !== undefined && error instanceof ApiError && [400, 404].includes(error.status);
  return (
    <>
      <div className="filters">
        <Choice
          label={t("transactions.cycle")}
          all={t("transactions.anyCycle")}
          value={cycle}
          options={[...names].map(([value, label]) => ({ value, label }))}
          onChange={(v) => navigate({ search: { status, cycle: v }, replace: true })}
        />
        <Choice
          label={t("transactions.status")}
          all={t("transactions.anyStatus")}
          value={status}
          options={transactionStatuses.map((value) => ({ value, label: t(`status.${value}`) }))}
          onChange={(v) => navigate({ search: { cycle, status: v }, replace: true })}
        />
        <span className={`end ${classes.listEnd}`}>
          {!noSuchCycle && <LiveDot state={live} />}
          {(list.data?.total ?? 0) > 0 && (
            <ManyMenu account={account} cycle={cycle} cycleName={names.get(cycle ?? "")} status={status} />
          )}
        </span>
      </div>
      <Jobs account={account} cycleNames={names} />
      {list.isError && !list.data && !noSuchCycle ? (
        <Failure error={list.error} onRetry={() => list.refetch()} />
      ) : noSuchCycle || list.data?.rows.length === 0 ? (
        filtered || page > 1 ? (
          <Empty icon={SearchX} title={t("transactions.noMatch")}>
            <Button variant="default" onClick={() => navigate({ search: {}, replace: true })}>
              {t("action.clear")}
            </Button>
          </Empty>
        ) : (
          <Empty icon={Activity} title={t("transactions.empty")}>
            {t("transactions.emptyHint")}
          </Empty>
        )
      ) : (
        <>
          <TransactionTable
            label={t("account.transactions")}
            account={account}
            rows={list.data?.rows}
            cycleNames={names}
            fresh={fresh.current}
          />
          {list.data && (
            <Pager
              page={page}
              pages={list.data.pages}
              onPage={(n) => navigate({ search: { cycle, status, page: n > 1 ? n : undefined } })}
            />
          )}
        </>
      )}
    </>
  );
}
