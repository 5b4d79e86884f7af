import { Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChartNoAxesColumn } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Chart } from "../ui/Chart";
import { List } from "../ui/List";
import { Empty } from "../ui/State";
import { useAddress } from "../ui/useAddress";
import type { ReportFilter } from "./address";
import { Filters } from "./Filters";
import { rowsOf } from "./load";
import type { Report } from "./report";
import classes from "./report.module.css";
import { SheetButton } from "./SheetButton";

interface Props<T> {
  report: Report<T>;
  /** On whose page it stands; none: it is the partner's. */
  account?: string;
}

/** A report with its filters, its chart, its table, and all of it as CSV. */
export function ReportView<T>({ report, account }: Props<T>) {
  const { t, i18n } = useTranslation();
  const [address] = useAddress<ReportFilter>();
  const filter = { ...address, account: account ?? address.account, inside: account !== undefined };
  const unknown = report.single && !filter.account;
  const list = useQuery({
    queryKey: ["report", report.name, filter],
    queryFn: ({ signal }) => rowsOf(report, filter, signal),
    placeholderData: keepPreviousData,
    enabled: !unknown,
  });
  const filters = (
    <Filters names={report.filters.filter((f) => f !== "account" || !account)} account={filter.account} />
  );
  if (unknown) {
    return (
      <>
        <div className="filters">{filters}</div>
        <Empty icon={ChartNoAxesColumn} title={t("report.choose")}>
          {t("report.chooseHint")}
        </Empty>
      </>
    );
  }
  const drawn = list.data && report.draw?.(list.data.rows, t, i18n.language);
  return (
    <>
      {report.draw && !list.isError && (
        <div className={classes.chart}>
          {drawn ? <Chart label={t(`nav.report.${report.name}`)} {...drawn} /> : <Skeleton height={210} />}
        </div>
      )}
      <List
        label={t(`nav.report.${report.name}`)}
        list={list}
        columns={report.columns(t, i18n.language, report.tree ? account : filter.account)}
        rowKey={report.rowKey}
        cards={report.cards}
        search={report.filters.includes("search") ? t(`report.search.${report.name as "accounts"}`) : undefined}
        filters={filters}
        actions={<SheetButton report={report} filter={filter} />}
        place={["report"]}
        empty={{ icon: ChartNoAxesColumn, title: t("report.empty"), hint: t("report.emptyHint") }}
      />
    </>
  );
}
