import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { cyclesQuery, deactivate, deleteCycle, stepsQuery } from "../cycle/calls";
import { useMay } from "../session/may";
import { Confirm } from "../ui/Confirm";
import { CopyButton } from "../ui/CopyButton";
import classes from "./builder.module.css";
import { RunState } from "./RunState";
import type { Trial } from "./TrialDialog";
import type { Designer } from "./useDesign";
import type { TrialRun } from "./useTrial";

const TrialDialog = lazy(async () => ({ default: (await import("./TrialDialog")).TrialDialog }));

interface Props {
  template: string;
  release: string;
  designer: Designer;
  run: TrialRun;
  onStart(trial: Trial): void;
  /** The test cycle is gone. */
  onEnd(): void;
}

/** Runs a release once, and shows how that is getting on. */
export function TrialTools({ template, release, designer, run, onStart, onEnd }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const [open, setOpen] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const { trial } = run;
  const stop = useMutation({
    mutationFn: ({ account, cycle }: Trial) => deactivate(account, cycle, false),
    onSettled: run.anew,
  });
  if (!may("Accounts", "Edit")) return null;
  return (
    <>
      {trial && run.run && <RunState account={trial.account} cycle={trial.cycle} run={run.run} />}
      {trial && run.runs && (
        <>
          {!run.run && <Awaited trial={trial} />}
          <Button size="xs" variant="default" mr={6} loading={stop.isPending} onClick={() => stop.mutate(trial)}>
            {t("builder.trial.stop")}
          </Button>
        </>
      )}
      {trial && !run.runs && (
        <Button size="xs" variant="subtle" color="red" mr={6} onClick={() => setDeleting(true)}>
          {t("builder.trial.delete")}
        </Button>
      )}
      {designer.design.Steps.length > 0 && !run.runs && (
        <Button size="xs" variant="default" onClick={() => setOpen(true)}>
          {t("builder.run.once")}
        </Button>
      )}
      <Suspense>
        {open && (
          <TrialDialog
            {...{ template, release, designer, onStart }}
            account={trial?.account}
            onClose={() => setOpen(false)}
          />
        )}
      </Suspense>
      {trial && deleting && (
        <Confirm
          title={t("builder.trial.delete")}
          act={t("builder.trial.delete")}
          done={t("builder.trial.deleted")}
          stale={cyclesQuery(trial.account).queryKey}
          run={async () => {
            await deleteCycle(trial.account, trial.cycle);
            onEnd();
          }}
          onClose={() => setDeleting(false)}
        >
          <p>{t("builder.trial.deleteSays")}</p>
        </Confirm>
      )}
    </>
  );
}

/** What a test that nothing has started yet waits for: a request to its address, or its timer. */
function Awaited({ trial }: { trial: Trial }) {
  const { t } = useTranslation();
  const steps = useQuery(stepsQuery(trial.account, trial.cycle)).data;
  const address = steps?.find((s) => s.WebhookUrl && !s.Match)?.WebhookUrl;
  if (!address) return null;
  return (
    <span className={classes.run} role="status">
      {t("builder.trial.waits")}
      <CopyButton text={address} label={t("builder.trial.address")} />
    </span>
  );
}
