import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { TransactionStatus } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { type Act, jobsQuery, startJob, transactionsQuery } from "./calls";
import { filterOf } from "./many";

interface Props {
  account: string;
  act: Act;
  cycle: string | undefined;
  cycleName: string | undefined;
  status: TransactionStatus | undefined;
  onClose(): void;
}

/** Has the server do the same to all transactions that a filter finds. */
export function ManyDialog({ account, act, cycle, cycleName, status, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const filter = filterOf(act, cycle, status);
  const found = useQuery({
    ...transactionsQuery(account, { cycle, status: filter.Status, page: 1, pageSize: 1 }),
    enabled: filter.Status !== undefined,
  });
  const beginning = useMutation({
    mutationFn: () => startJob(account, { Action: act, ...filter }),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: jobsQuery(account).queryKey }),
  });
  return (
    <Dialog
      title={t(`transaction.many.${act}Title`)}
      act={t(`transaction.${act}`)}
      danger={act === "drop"}
      busy={beginning.isPending}
      error={beginning.error}
      onAct={() => beginning.mutate()}
      onClose={onClose}
    >
      <p>
        {t(`transaction.many.${act}Says`, { status: filter.Status ? t(`status.${filter.Status}`) : "" })}{" "}
        {cycleName ? t("transaction.many.ofCycle", { name: cycleName }) : t("transaction.many.ofAll")}
      </p>
      {found.data && <p>{t("transaction.many.found", { count: found.data.total })}</p>}
      <p className="faint">{t("transaction.many.background")}</p>
    </Dialog>
  );
}
