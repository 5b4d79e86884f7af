import { Button, Checkbox, Modal, NativeSelect, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleDashed } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Activation, Cycle, Prerequisite } from "../api/schema";
import { Refusal } from "../ui/Refusal";
import { Failure } from "../ui/State";
import { activate, cyclesQuery, prerequisitesQuery, stepsQuery } from "./calls";
import classes from "./cycle.module.css";
import { useSchedule } from "./schedule";

/** The intervals of a timer that the server takes, in minutes. */
const intervals = [1, 5, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10080];
const usualInterval = 60;

/** Starts a cycle, once it has what it needs. */
export function StartDialog({ account, cycle, onClose }: { account: string; cycle: Cycle; onClose(): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const missing = useQuery(prerequisitesQuery(account, cycle.Id));
  const steps = useQuery(stepsQuery(account, cycle.Id));
  const start = useMutation({
    mutationFn: (how: Activation) => activate(account, cycle.Id, how),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: cyclesQuery(account).queryKey, exact: true });
      onClose();
    },
  });
  const failed = missing.error ?? steps.error;
  const retry = () => void Promise.all([missing.refetch(), steps.refetch()]);

  return (
    <Modal
      opened
      onClose={onClose}
      title={t("start.title", { name: cycle.Name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {failed ? (
        <Failure error={failed} onRetry={retry} />
      ) : !missing.data || !steps.data ? (
        <div role="status" aria-label={t("start.checking")}>
          <Skeleton height={12} width="80%" mb={12} />
          <Skeleton height={36} mb={20} />
        </div>
      ) : missing.data.length > 0 ? (
        <Missing list={missing.data} checking={missing.isFetching} onCheck={retry} />
      ) : (
        <How
          cycle={cycle}
          webhook={steps.data.some((s) => s.ActionType === "Webhook")}
          starting={start.isPending}
          error={start.error}
          onStart={start.mutate}
          onClose={onClose}
        />
      )}
    </Modal>
  );
}

function Missing({ list, checking, onCheck }: { list: Prerequisite[]; checking: boolean; onCheck(): void }) {
  const { t } = useTranslation();
  return (
    <>
      <p className={classes.says}>{t("start.blocked", { count: list.length })}</p>
      <ul className={classes.missing}>
        {list.map((p) => (
          <li key={`${p.ReasonCode} ${p.ObjectType} ${p.ObjectId}`}>
            <CircleDashed size={16} aria-hidden />
            {p.Reason}
          </li>
        ))}
      </ul>
      <div className={classes.buttons}>
        <Button variant="default" loading={checking} onClick={onCheck}>
          {t("start.recheck")}
        </Button>
      </div>
    </>
  );
}

interface HowProps {
  cycle: Cycle;
  webhook: boolean;
  starting: boolean;
  error: Error | null;
  onStart(how: Activation): void;
  onClose(): void;
}

function How({ cycle, webhook, starting, error, onStart, onClose }: HowProps) {
  const { t } = useTranslation();
  const words = useSchedule();
  const [interval, setEvery] = useState(cycle.Interval || usualInterval);
  const [once, setOnce] = useState(false);
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        onStart(webhook ? {} : { Interval: interval, RunOnce: once });
      }}
    >
      {webhook ? (
        <p className={classes.says}>{t("start.webhook")}</p>
      ) : (
        <>
          <NativeSelect
            label={t("start.interval")}
            value={String(interval)}
            disabled={once}
            data={intervals.map((m) => ({ value: String(m), label: words(m) }))}
            onChange={(e) => setEvery(Number(e.currentTarget.value))}
          />
          <Checkbox mt={14} label={t("start.once")} checked={once} onChange={(e) => setOnce(e.currentTarget.checked)} />
        </>
      )}
      <Refusal error={error} />
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" loading={starting} data-autofocus>
          {t("start.submit")}
        </Button>
      </div>
    </form>
  );
}
