import { Checkbox } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";
import { deleteAccount, resumeAccount, runningQuery, subaccountsQuery, suspendAccount } from "./calls";

/** What takes an account out of service, and back. */
export type Service = "suspend" | "resume" | "delete";

interface Props {
  account: Account;
  onClose(): void;
  /** When it was done. */
  onDone?(): void;
}

/** Says what will happen to an account, and does it. */
export function ServiceDialog({ what, ...props }: Props & { what: Service }) {
  if (what === "suspend") return <SuspendDialog {...props} />;
  if (what === "resume") return <ResumeDialog {...props} />;
  return <DeleteDialog {...props} />;
}

/** How much it is done to. */
function useExtent(id: string) {
  return { running: useQuery(runningQuery(id)), below: useQuery({ ...subaccountsQuery(id), staleTime: 0 }) };
}

function useService(props: Props, done: string, act: () => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      say(done);
      props.onClose();
      props.onDone?.();
      void queries.invalidateQueries({ queryKey: ["accounts"] });
      void queries.invalidateQueries({ queryKey: ["account", props.account.Id], refetchType: "active" });
      if (props.account.ParentAccountId) {
        void queries.invalidateQueries({ queryKey: ["account", props.account.ParentAccountId] });
      }
    },
  });
}

function SuspendDialog(props: Props) {
  const { t } = useTranslation();
  const { Id, Name: name } = props.account;
  const { running, below } = useExtent(Id);
  const act = useService(props, t("tenant.suspending.done", { name }), () => suspendAccount(Id));
  return (
    <Dialog
      title={t("tenant.suspending.title", { name })}
      act={t("tenant.suspend")}
      danger
      busy={act.isPending}
      blocked={running.isPending || below.isPending}
      error={act.error ?? running.error ?? below.error}
      onAct={act.mutate}
      onClose={props.onClose}
    >
      {running.data !== undefined && (
        <p>
          {running.data > 0 ? t("tenant.suspending.running", { count: running.data }) : t("tenant.suspending.nothing")}
        </p>
      )}
      <p>{t("tenant.suspending.lead")}</p>
      {!!below.data?.total && <p>{t("tenant.suspending.below", { count: below.data.total })}</p>}
    </Dialog>
  );
}

function ResumeDialog(props: Props) {
  const { t } = useTranslation();
  const { Id, Name: name } = props.account;
  const act = useService(props, t("tenant.resuming.done", { name }), () => resumeAccount(Id));
  return (
    <Dialog
      title={t("tenant.resuming.title", { name })}
      act={t("tenant.resume")}
      busy={act.isPending}
      error={act.error}
      onAct={act.mutate}
      onClose={props.onClose}
    >
      <p>{t("tenant.resuming.lead")}</p>
    </Dialog>
  );
}

function DeleteDialog(props: Props) {
  const { t } = useTranslation();
  const { Id, Name: name } = props.account;
  const { running, below } = useExtent(Id);
  const [all, setAll] = useState(false);
  const act = useService(props, t("tenant.deleting.done", { name }), () => deleteAccount(Id, all));
  const hasBelow = !!below.data?.total;
  return (
    <Dialog
      title={t("tenant.deleting.title", { name })}
      act={t("tenant.deleting.submit")}
      danger
      busy={act.isPending}
      blocked={running.isPending || below.isPending || (hasBelow && !all)}
      error={act.error ?? running.error ?? below.error}
      onAct={act.mutate}
      onClose={props.onClose}
    >
      {running.data !== undefined && (
        <p>{running.data > 0 ? t("tenant.deleting.running", { count: running.data }) : t("tenant.deleting.nothing")}</p>
      )}
      <p>{t("tenant.deleting.lead")}</p>
      {hasBelow && (
        <Checkbox
          label={t("tenant.deleting.below", { count: below.data?.total })}
          description={t("tenant.deleting.belowHint")}
          checked={all}
          onChange={(e) => setAll(e.currentTarget.checked)}
        />
      )}
    </Dialog>
  );
}
