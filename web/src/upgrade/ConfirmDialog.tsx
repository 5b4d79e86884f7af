import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Dialog } from "../ui/Dialog";
import { outdated } from "./calls";
import type { Target } from "./run";

interface Props {
  template: string;
  /** None: all of the template's. */
  targets?: Target[];
  count: number;
  version: number;
  onStart(targets: Target[]): void;
  onClose(): void;
}

/** Says what an upgrade does, and to how many, before it begins. */
export function ConfirmDialog({ template, targets, count, version, onStart, onClose }: Props) {
  const { t } = useTranslation();
  const start = useMutation({ mutationFn: async () => targets ?? (await outdated(template)), onSuccess: onStart });
  return (
    <Dialog
      title={t("upgrade.confirm", { count, version })}
      act={t("upgrade.act")}
      busy={start.isPending}
      error={start.error}
      onAct={() => start.mutate()}
      onClose={onClose}
    >
      <p>{t("upgrade.stays")}</p>
      <p>{t("upgrade.goes")}</p>
      <p>{t("upgrade.running")}</p>
    </Dialog>
  );
}
