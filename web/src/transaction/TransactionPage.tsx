import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Footprints } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Crumbs } from "../account/Crumbs";
import { accountQuery } from "../account/calls";
import { ApiError } from "../api/client";
import { cyclesQuery } from "../cycle/calls";
import { usePageTitle } from "../shell/title";
import { CopyId } from "../ui/CopyId";
import { shortId } from "../ui/format";
import { Learn } from "../ui/Learn";
import { Empty, Failure, Missing } from "../ui/State";
import { Status } from "../ui/Status";
import { Zone } from "../ui/Time";
import { Acts } from "./Acts";
import { Children } from "./Children";
import { childrenKey, stepItemQuery, stepItemsQuery, transactionQuery } from "./calls";
import { Graph } from "./Graph";
import { LiveDot } from "./LiveDot";
import { isFinal } from "./merge";
import { StepDetail } from "./StepDetail";
import { StepList } from "./StepList";
import { Summary } from "./Summary";
import classes from "./transaction.module.css";
import { useLive } from "./useLive";

const here = "/inside/accounts/$account/cycles/$cycle/transactions/$transaction";

/** A transaction: what came of it, and each step with what was said. */
export function TransactionPage() {
  const { t } = useTranslation();
  const { account, cycle, transaction: id } = useParams({ from: here });
  const { step } = useSearch({ from: here });
  const navigate = useNavigate({ from: "/accounts/$account/cycles/$cycle/transactions/$transaction" });
  const queries = useQueryClient();
  const owner = useQuery(accountQuery(account));
  const cycles = useQuery(cyclesQuery(account));
  const query = transactionQuery(account, id);
  const transaction = useQuery(query);
  const items = useQuery(stepItemsQuery(account, cycle, id));
  const live = useLive({
    account,
    cycle,
    enabled: items.isSuccess,
    onTransactions: (changed) => {
      if (changed.some((x) => x.ParentId === id)) {
        void queries.invalidateQueries({ queryKey: childrenKey(account, id) });
      }
      const mine = changed.find((x) => x.Id === id);
      if (!mine) return;
      queries.setQueryData(query.queryKey, mine);
      void items.refetch();
    },
    onResume: () => void Promise.all([transaction.refetch(), items.refetch()]),
  });
  usePageTitle(`${t("transactions.title")} ${shortId(id)}`);

  const tx = transaction.data;
  const failed = [transaction, items].find((query) => query.isError && !query.data);
  const cycleNames = new Map(cycles.data?.map((c) => [c.Id, c.Name]));
  const all = items.data ?? [];
  const chosen = all.find((s) => s.Seq === step) ?? all.find((s) => s.Outcome === "Error") ?? all[0];
  const choose = (seq: number) => void navigate({ search: { step: seq }, replace: true, resetScroll: false });
  // 400: what the address names cannot be a name at all.
  if (failed?.error instanceof ApiError && [400, 404].includes(failed.error.status)) {
    return <Missing>{t("error.notFound")}</Missing>;
  }
  return (
    <Zone value={owner.data?.Timezone ?? "UTC"}>
      <Crumbs account={owner.data}>
        {[
          <Link to="/accounts/$account/cycles" params={{ account }} key="account">
            {owner.data?.Name ?? account}
          </Link>,
          <Link to="/accounts/$account/cycles/$cycle" params={{ account, cycle }} key="cycle">
            {cycleNames.get(cycle) ?? shortId(cycle)}
          </Link>,
        ]}
      </Crumbs>
      <div className={classes.head}>
        <h1>{t("transactions.title")}</h1>
        {tx && <Status of={tx.Status} />}
        <CopyId id={id} />
        {tx && (
          <span className={`end ${classes.listEnd}`}>
            {!isFinal(tx.Status) && <LiveDot state={live} />}
            <Learn docs="running#a-transaction" />
            <Acts account={account} of={tx} />
          </span>
        )}
      </div>
      {tx && <Summary account={account} transaction={tx} />}
      {tx && <Graph account={account} of={tx} items={all} chosen={chosen} onChoose={choose} />}
      {failed?.error ? (
        <Failure error={failed.error} onRetry={() => Promise.all([transaction.refetch(), items.refetch()])} />
      ) : items.isPending ? (
        <Bones />
      ) : !chosen ? (
        <Empty icon={Footprints} title={t("steps.empty")}>
          {t("steps.emptyHint")}
        </Empty>
      ) : (
        <div className={classes.split}>
          <StepList items={all} chosen={chosen.Seq} onChoose={choose} />
          <StepDetail
            key={chosen.Seq}
            item={chosen}
            whole={stepItemQuery(account, cycle, id, all.indexOf(chosen))}
            split={tx !== undefined && tx.Children > 0}
          />
        </div>
      )}
      {tx && tx.Children > 0 && <Children key={id} account={account} transaction={id} cycleNames={cycleNames} />}
    </Zone>
  );
}

function Bones() {
  const { t } = useTranslation();
  return (
    <div className={classes.split} role="status" aria-label={t("loading")}>
      <div>
        {[0, 1, 2].map((n) => (
          <Skeleton key={n} height={44} mb={6} />
        ))}
      </div>
      <Skeleton height={320} radius={10} />
    </div>
  );
}
