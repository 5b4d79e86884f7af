import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Incident } from "../api/schema";
import { cyclesQuery } from "../cycle/calls";
import { shortId } from "../ui/format";
import { Pager } from "../ui/Pager";
import { Empty, Failure } from "../ui/State";
import { StatusIcon } from "../ui/Status";
import { Cell, type Column, Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { errorsQuery } from "./calls";
import classes from "./transaction.module.css";

const pageSize = 50;

/** The errors of an account's cycles, newest first. */
export function ErrorsTab() {
  const { t } = useTranslation();
  const { account } = useParams({ from: "/inside/accounts/$account/errors" });
  const { page = 1 } = useSearch({ from: "/inside/accounts/$account/errors" });
  const navigate = useNavigate({ from: "/accounts/$account/errors" });
  const list = useQuery(errorsQuery(account, page, pageSize));
  const cycles = useQuery(cyclesQuery(account));

  if (list.isError && !list.data) return <Failure error={list.error} onRetry={() => list.refetch()} />;
  if (list.data?.rows.length === 0) {
    return (
      <Empty icon={CircleCheck} title={t("errors.empty")}>
        {t("errors.emptyHint")}
      </Empty>
    );
  }
  const names = new Map(cycles.data?.map((c) => [c.Id, c.Name]));
  const columns: Column[] = [
    { key: "message", label: t("errors.message"), width: 240 },
    { key: "step", label: t("errors.step"), width: 100, wide: true },
    { key: "cycle", label: t("errors.cycle"), width: 120, wide: true },
    { key: "when", label: t("errors.when"), width: 60, right: true },
  ];
  return (
    <>
      <Table label={t("account.errors")} columns={columns} loading={list.isPending ? 6 : undefined}>
        {list.data?.rows.map((e) => (
          <ErrorRow key={e.Id} account={account} error={e} cycleName={e.CycleName || names.get(e.CycleId)} />
        ))}
      </Table>
      {list.data && (
        <Pager
          page={page}
          pages={list.data.pages}
          onPage={(n) => navigate({ search: { page: n > 1 ? n : undefined } })}
        />
      )}
    </>
  );
}

interface RowProps {
  account: string;
  error: Incident;
  cycleName: string | undefined;
}

function ErrorRow({ account, error, cycleName }: RowProps) {
  return (
    <tr>
      <Cell>
        <div className={classes.incident}>
          <StatusIcon of="Error" />
          <div>
            <Link
              to="/accounts/$account/cycles/$cycle/transactions/$transaction"
              params={{ account, cycle: error.CycleId, transaction: error.TransactionId }}
              className="row-link"
            >
              {error.ShortMessage || error.FullMessage}
            </Link>
            {error.FullMessage !== error.ShortMessage && <p>{error.FullMessage}</p>}
          </div>
        </div>
      </Cell>
      <Cell wide>{error.StepName || shortId(error.StepId)}</Cell>
      <Cell wide>{cycleName ?? shortId(error.CycleId)}</Cell>
      <Cell right>
        <Time at={error.CreatedOnUtc} />
      </Cell>
    </tr>
  );
}
