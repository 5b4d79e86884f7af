import { NumberInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Release, Rollout } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { startRollout } from "./calls";
import classes from "./upgrade.module.css";

interface Props {
  template: string;
  count: number;
  live: Release;
  onStart(rollout: Rollout): void;
  onClose(): void;
}

/** Says what an upgrade does, and to how many, and asks how careful it is to be. */
export function ConfirmDialog({ template, count, live, onStart, onClose }: Props) {
  const { t } = useTranslation();
  const [first, setFirst] = useState(0);
  const [failures, setFailures] = useState(0);
  const start = useMutation({
    mutationFn: () => startRollout(template, { ReleaseId: live.Id, First: first, MaxFailures: failures }),
    onSuccess: onStart,
  });
  return (
    <Dialog
      title={t("upgrade.confirm", { count, version: live.Version })}
      act={t("upgrade.act")}
      busy={start.isPending}
      error={start.error}
      onAct={() => start.mutate()}
      onClose={onClose}
    >
      <p>{t("upgrade.stays")}</p>
      <p>{t("upgrade.goes")}</p>
      <p>{t("upgrade.running")}</p>
      <div className={classes.care}>
        <NumberInput
          label={t("upgrade.first")}
          description={t("upgrade.firstHint")}
          value={first}
          min={0}
          allowDecimal={false}
          onChange={(v) => setFirst(Number(v) || 0)}
        />
        <NumberInput
          label={t("upgrade.maxFailures")}
          description={t("upgrade.maxFailuresHint")}
          value={failures}
          min={0}
          allowDecimal={false}
          onChange={(v) => setFailures(Number(v) || 0)}
        />
      </div>
    </Dialog>
  );
}
