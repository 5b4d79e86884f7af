import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CycleStatus } from "../api/schema";
import { activate, cycleQuery } from "../cycle/calls";
import { useMay } from "../session/may";
import { starts } from "./trialRun";
import type { Designer } from "./useDesign";

const StartDialog = lazy(async () => ({ default: (await import("../cycle/StartDialog")).StartDialog }));
const StopDialog = lazy(async () => ({ default: (await import("../cycle/StopDialog")).StopDialog }));

interface Props {
  account: string;
  cycle: string;
  status: CycleStatus;
  designer: Designer;
  /** It was started or stopped. */
  onChange(): void;
}

/** Starts and stops the cycle whose design this is. */
export function CycleTools({ account, cycle, status, designer, onChange }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const [open, setOpen] = useState<"start" | "stop">();
  const found = useQuery({ ...cycleQuery(account, cycle), enabled: open !== undefined }).data;
  const once = useMutation({
    mutationFn: async () => {
      await designer.flush();
      return activate(account, cycle, { RunOnce: true });
    },
    onSuccess: onChange,
    onError: () => setOpen("start"), // it tells what is missing
  });
  if (!may("Accounts", "Edit")) return null;
  const close = () => {
    setOpen(undefined);
    onChange();
  };
  return (
    <>
      {status === "Paused" && starts(designer.design) === "timer" && (
        <Button size="xs" variant="default" mr={6} loading={once.isPending} onClick={() => once.mutate()}>
          {t("builder.run.once")}
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        onClick={async () => {
          await designer.flush();
          setOpen(status === "Paused" ? "start" : "stop");
        }}
      >
        {t(status === "Paused" ? "cycles.start" : "cycles.stop")}
      </Button>
      <Suspense>
        {found && open === "start" && <StartDialog account={account} cycle={found} onClose={close} />}
        {found && open === "stop" && <StopDialog account={account} cycle={found} onClose={close} />}
      </Suspense>
    </>
  );
}
