import { useTranslation } from "react-i18next";
import type { Transaction } from "../api/schema";
import { type Column, Table } from "../ui/Table";
import { TransactionRow } from "./TransactionRow";

interface Props {
  label: string;
  account: string;
  /** Undefined: they are on their way. */
  rows: Transaction[] | undefined;
  /** None: all are of one cycle, which is not said. */
  cycleNames?: Map<string, string>;
  /** Those that came while the list was on screen. */
  fresh?: Set<string>;
  /** As many rows are expected. */
  few?: number;
}

export function TransactionTable({ label, account, rows, cycleNames, fresh, few = 10 }: Props) {
  const { t } = useTranslation();
  const columns: Column[] = [
    { key: "status", label: t("transactions.status"), width: 80 },
    { key: "id", label: t("transactions.id"), width: 90 },
    ...(cycleNames ? [{ key: "cycle", label: t("transactions.cycle"), width: 180, wide: true }] : []),
    { key: "started", label: t("transactions.started"), width: 60 },
    { key: "duration", label: t("transactions.duration"), width: 40, right: true, wide: true },
    { key: "children", label: t("transactions.children"), width: 30, right: true, wide: true },
    { key: "tasks", label: t("transactions.tasks"), width: 30, right: true, wide: true },
    { key: "errors", label: t("transactions.errors"), width: 30, right: true, wide: true },
  ];
  return (
    <Table label={label} columns={columns} loading={rows ? undefined : few}>
      {rows?.map((row) => (
        <TransactionRow
          key={row.Id}
          account={account}
          transaction={row}
          cycleName={cycleNames && (cycleNames.get(row.CycleId) ?? null)}
          fresh={fresh?.has(row.Id) ?? false}
        />
      ))}
    </Table>
  );
}
