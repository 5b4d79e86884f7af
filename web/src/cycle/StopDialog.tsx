import { Radio } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Cycle } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";
import { deactivate, useCyclesChanged } from "./calls";

/** Stops a cycle, and says what that does to what is in progress. */
export function StopDialog({ account, cycle, onClose }: { account: string; cycle: Cycle; onClose(): void }) {
  const { t } = useTranslation();
  const changed = useCyclesChanged(account);
  const [how, setHow] = useState(cycle.Status === "Finishing" ? "now" : "finish");
  const stop = useMutation({
    mutationFn: (finish: boolean) => deactivate(account, cycle.Id, finish),
    onSuccess: async (now) => {
      await changed();
      say(t(now.Status === "Finishing" ? "cycle.finishing" : "cycle.stopped", { name: cycle.Name }));
      onClose();
    },
  });
  const busy = cycle.InProgressTransactionCount;
  return (
    <Dialog
      title={t("stop.title", { name: cycle.Name })}
      act={t("stop.submit")}
      danger
      busy={stop.isPending}
      error={stop.error}
      onAct={() => stop.mutate(busy > 0 && how === "finish")}
      onClose={onClose}
    >
      <p>{busy > 0 ? t("stop.busy", { count: busy }) : t("stop.idle")}</p>
      {busy > 0 && (
        <Radio.Group value={how} onChange={setHow} aria-label={t("stop.how")}>
          <Radio value="finish" label={t("stop.finish")} description={t("stop.finishHint")} mb={12} />
          <Radio value="now" label={t("stop.now")} description={t("stop.nowHint")} />
        </Radio.Group>
      )}
    </Dialog>
  );
}
