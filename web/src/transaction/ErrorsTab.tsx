import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Incident } from "../api/schema";
import { cyclesQuery } from "../cycle/calls";
import { shortId } from "../ui/format";
import { List, type ListColumn } from "../ui/List";
import { StatusIcon } from "../ui/Status";
import { Time } from "../ui/Time";
import { errorsQuery } from "./calls";
import classes from "./transaction.module.css";

const pageSize = 50;

/** The errors of an account's cycles, newest first. */
export function ErrorsTab() {
  const { t } = useTranslation();
  const { account } = useParams({ from: "/inside/accounts/$account/errors" });
  const { page = 1 } = useSearch({ from: "/inside/accounts/$account/errors" });
  const list = useQuery(errorsQuery(account, page, pageSize));
  const cycles = useQuery(cyclesQuery(account));
  const names = new Map(cycles.data?.map((c) => [c.Id, c.Name]));
  const columns: ListColumn<Incident>[] = [
    { key: "message", label: t("errors.message"), width: 240, cell: (e) => <Message account={account} error={e} /> },
    { key: "step", label: t("errors.step"), width: 100, wide: true, cell: (e) => e.StepName || shortId(e.StepId) },
    {
      key: "cycle",
      label: t("errors.cycle"),
      width: 120,
      wide: true,
      cell: (e) => e.CycleName || (names.get(e.CycleId) ?? shortId(e.CycleId)),
    },
    { key: "when", label: t("errors.when"), width: 60, right: true, cell: (e) => <Time at={e.CreatedOnUtc} /> },
  ];
  return (
    <List
      label={t("account.errors")}
      list={list}
      columns={columns}
      rowKey={(e) => e.Id}
      empty={{ icon: CircleCheck, title: t("errors.empty"), hint: t("errors.emptyHint") }}
    />
  );
}

/** What went wrong, and the way to its transaction. */
function Message({ account, error }: { account: string; error: Incident }) {
  return (
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
  );
}
