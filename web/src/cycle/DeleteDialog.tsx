import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Cycle } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";
import { deleteCycle, useCyclesChanged } from "./calls";

interface Props {
  account: string;
  cycle: Cycle;
  /** What comes after it, before anything is read anew. */
  onDeleted?(): Promise<void>;
  onClose(): void;
}

/** Puts a cycle into the recycle bin. */
export function DeleteDialog({ account, cycle, onDeleted, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useCyclesChanged(account);
  const remove = useMutation({
    mutationFn: () => deleteCycle(account, cycle.Id),
    onSuccess: async () => {
      onClose();
      await onDeleted?.();
      say(t("cycle.deleted", { name: cycle.Name }));
      await changed();
    },
  });
  const held = cycle.InProgressTransactionCount;
  return (
    <Dialog
      title={t("cycle.deleteOf", { name: cycle.Name })}
      act={t("cycle.delete")}
      danger
      busy={remove.isPending}
      error={remove.error}
      onAct={() => remove.mutate()}
      onClose={onClose}
    >
      <p>{t("cycle.deleteSays")}</p>
      {held > 0 && <p>{t("cycle.deleteHeld", { count: held })}</p>}
    </Dialog>
  );
}
