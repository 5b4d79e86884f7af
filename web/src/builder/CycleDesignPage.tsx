import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Crumbs } from "../account/Crumbs";
import { accountQuery } from "../account/calls";
import type { CycleDesign, Edge } from "../api/schema";
import { prerequisitesQuery } from "../cycle/calls";
import { useMay } from "../session/may";
import { usePageTitle } from "../shell/title";
import { Failure } from "../ui/State";
import { Status } from "../ui/Status";
import { Bound } from "./Bound";
import { Builder } from "./Builder";
import own from "./BuilderPage.module.css";
import classes from "./builder.module.css";
import { CycleTools } from "./CycleTools";
import { designQuery, saveDesign } from "./calls";
import { RunState } from "./RunState";
import { useRun } from "./useRun";

/** How often the state of a cycle that runs is asked for, in milliseconds. */
const again = 3_000;
const none: Edge[] = [];

/** The builder of a cycle's design; that of one that runs can be looked at. */
export function CycleDesignPage() {
  const { account, cycle } = useParams({ from: "/inside/accounts/$account/cycles/$cycle/design" });
  const { step } = useSearch({ from: "/inside/accounts/$account/cycles/$cycle/design" });
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const query = designQuery(account, cycle);
  const loaded = useQuery({
    ...query,
    refetchInterval: (q) => (q.state.data && q.state.data.Status !== "Paused" ? again : false),
  });
  const missing = prerequisitesQuery(account, cycle);
  const problems = useQuery({ ...missing, enabled: loaded.data?.Status === "Paused" });
  const bound = loaded.data?.AccountConnectors;
  const installed = useMemo(
    () => ({ account, bound: new Map(bound?.map((b) => [b.Ref ?? "", b.AccountConnectorId ?? 0])) }),
    [account, bound],
  );
  const edges = loaded.data?.Graph?.Edges;
  const run = useRun(account, cycle, loaded.data !== undefined && loaded.data.Status !== "Paused", edges ?? none);
  const anew = () => queries.fetchQuery({ ...query, staleTime: 0 });
  if (loaded.isError && !loaded.data) return <Failure error={loaded.error} onRetry={() => loaded.refetch()} />;
  if (!loaded.data) return <Skeleton className={classes.builder} />;
  const { Status } = loaded.data;
  const why = Status === "Paused" ? undefined : t(Status === "Running" ? "builder.running" : "builder.finishing");
  return (
    <>
      <div className={own.way}>
        <Way of={loaded.data} />
      </div>
      <Builder
        key={cycle}
        loaded={loaded.data}
        locked={why ?? (may("Accounts", "Edit") ? undefined : t("builder.mayLook"))}
        missing={Status === "Paused" ? problems.data : []}
        watched={{ path: `/v1.0/cycles/${cycle}/design/live`, account }}
        installed={installed}
        path={run?.path}
        first={step}
        tools={(designer) => (
          <>
            {run && <RunState account={account} cycle={cycle} run={run} />}
            <CycleTools
              account={account}
              cycle={cycle}
              status={Status}
              designer={designer}
              onChange={() => void anew()}
            />
          </>
        )}
        panel={({ design, act }) => <Bound design={design} installed={installed} act={act} />}
        save={async (d, revision) => {
          const saved = await saveDesign(account, cycle, d, revision);
          queries.setQueryData(query.queryKey, saved);
          void queries.invalidateQueries({ queryKey: missing.queryKey });
          return saved.Revision;
        }}
        reload={anew}
      />
    </>
  );
}

/** The way to the cycle. */
function Way({ of }: { of: CycleDesign }) {
  const { t } = useTranslation();
  const { account } = useParams({ from: "/inside/accounts/$account/cycles/$cycle/design" });
  const owner = useQuery(accountQuery(account)).data;
  usePageTitle(`${of.Name} · ${t("builder.title")}`);
  return (
    <Crumbs account={owner}>
      {[
        <Link key="account" to="/accounts/$account/cycles" params={{ account }}>
          {owner?.Name ?? account}
        </Link>,
        <Link key="cycle" to="/accounts/$account/cycles/$cycle" params={{ account, cycle: of.CycleId }}>
          {of.Name}
        </Link>,
        <Status key="state" of={of.Status} />,
      ]}
    </Crumbs>
  );
}
