import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TransactionStatus } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";
import { type Act, actOnMany, transactionsQuery } from "./calls";
import { filterOf } from "./many";

interface Props {
  account: string;
  act: Act;
  cycle: string | undefined;
  cycleName: string | undefined;
  status: TransactionStatus | undefined;
  onClose(): void;
}

/** Does the same to all transactions that a filter finds, a thousand at a time, and tells how far it is. */
export function ManyDialog({ account, act, cycle, cycleName, status, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const filter = filterOf(act, cycle, status);
  const [done, setDone] = useState({ Done: 0, Skipped: 0 });
  const [stopped] = useState(() => new AbortController());
  const found = useQuery({
    ...transactionsQuery(account, { cycle, status: filter.Status, page: 1, pageSize: 1 }),
    enabled: filter.Status !== undefined,
  });
  const acting = useMutation({
    mutationFn: async () => {
      const sum = { Done: 0, Skipped: 0 };
      let Past: string | undefined;
      do {
        const part = await actOnMany(account, act, { ...filter, Past });
        sum.Done += part.Done;
        sum.Skipped += part.Skipped;
        setDone({ ...sum });
        Past = part.Next;
      } while (Past && !stopped.signal.aborted);
      return sum;
    },
    onSuccess: (sum) => {
      say(t(`transaction.many.${act}Done`, { count: sum.Done }));
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["account", account] }),
  });
  // It goes on when another page is opened, and ends with the window.
  useBlocker({ shouldBlockFn: () => false, enableBeforeUnload: () => acting.isPending });
  const close = () => {
    stopped.abort();
    onClose();
  };
  return (
    <Dialog
      title={t(`transaction.many.${act}Title`)}
      act={t(`transaction.${act}`)}
      danger={act === "drop"}
      busy={acting.isPending}
      error={acting.error}
      onAct={() => acting.mutate()}
      onClose={close}
    >
      <p>
        {t(`transaction.many.${act}Says`, { status: filter.Status ? t(`status.${filter.Status}`) : "" })}{" "}
        {cycleName ? t("transaction.many.ofCycle", { name: cycleName }) : t("transaction.many.ofAll")}
      </p>
      {found.data && <p>{t("transaction.many.found", { count: found.data.total })}</p>}
      <p role="status" className="faint">
        {acting.isPending && t("transaction.many.progress", { done: done.Done, skipped: done.Skipped })}
      </p>
    </Dialog>
  );
}
