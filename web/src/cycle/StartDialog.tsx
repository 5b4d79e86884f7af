import { Button, Checkbox, NativeSelect, Skeleton, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Activation, Cycle } from "../api/schema";
import { Modal } from "../ui/Modal";
import { Refusal } from "../ui/Refusal";
import { Failure } from "../ui/State";
import { say } from "../ui/say";
import { Zone } from "../ui/Time";
import { activate, prerequisitesQuery, stepsQuery, useCyclesChanged } from "./calls";
import classes from "./cycle.module.css";
import { Missing } from "./Missing";
import { useSchedule } from "./schedule";

/** The intervals of a timer that the server takes, in minutes. */
const intervals = [1, 5, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10080];
const usualInterval = 60;

/** Starts a cycle, once it has what it needs. */
export function StartDialog({ account, cycle, onClose }: { account: string; cycle: Cycle; onClose(): void }) {
  const { t } = useTranslation();
  const changed = useCyclesChanged(account);
  const missing = useQuery(prerequisitesQuery(account, cycle.Id));
  const steps = useQuery(stepsQuery(account, cycle.Id));
  const start = useMutation({
    mutationFn: (how: Activation) => activate(account, cycle.Id, how),
    onSuccess: async () => {
      await changed();
      say(t("cycle.started", { name: cycle.Name }));
      onClose();
    },
  });
  const failed = missing.error ?? steps.error;
  const retry = () => void Promise.all([missing.refetch(), steps.refetch()]);

  return (
    <Modal onClose={onClose} title={t("start.title", { name: cycle.Name })}>
      {failed ? (
        <Failure error={failed} onRetry={retry} />
      ) : !missing.data || !steps.data ? (
        <div role="status" aria-label={t("start.checking")}>
          <Skeleton height={12} width="80%" mb={12} />
          <Skeleton height={36} mb={20} />
        </div>
      ) : missing.data.length > 0 ? (
        <>
          <p className={classes.says}>{t("start.blocked", { count: missing.data.length })}</p>
          <Missing account={account} cycle={cycle.Id} list={missing.data} />
          <div className={classes.buttons}>
            <Button variant="default" loading={missing.isFetching} onClick={retry}>
              {t("start.recheck")}
            </Button>
          </div>
        </>
      ) : (
        <How
          cycle={cycle}
          webhook={steps.data.some((s) => s.WebhookUrl && !s.Match)}
          starting={start.isPending}
          error={start.error}
          onStart={start.mutate}
          onClose={onClose}
        />
      )}
    </Modal>
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
  const zone = useContext(Zone);
  const [interval, setEvery] = useState(cycle.Interval || usualInterval);
  const [once, setOnce] = useState(cycle.RunOnce);
  const [at, setAt] = useState("");
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        // Without an offset, it is the time of the account's zone.
        onStart(webhook ? {} : { Interval: interval, RunOnce: once, StartTime: at ? `${at}:00` : undefined });
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
          <TextInput
            mt={14}
            type="datetime-local"
            label={t("cycle.firstRun", { zone })}
            description={t("cycle.firstRunHint")}
            value={at}
            onChange={(e) => setAt(e.currentTarget.value)}
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
