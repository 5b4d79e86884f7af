import { Button, Modal, Radio } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { cyclesQuery } from "../api/query";
import type { Cycle } from "../api/schema";
import classes from "./cycle.module.css";
import { Problem } from "./Problem";

/** Stops a cycle, and says what that does to what is in progress. */
export function StopDialog({ account, cycle, onClose }: { account: string; cycle: Cycle; onClose(): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [how, setHow] = useState(cycle.Status === "Finishing" ? "now" : "finish");
  const stop = useMutation({
    mutationFn: (finish: boolean) => api.deactivate(account, cycle.Id, finish),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: cyclesQuery(account).queryKey, exact: true });
      onClose();
    },
  });
  const busy = cycle.InProgressTransactionCount;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("stop.title", { name: cycle.Name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          stop.mutate(busy > 0 && how === "finish");
        }}
      >
        <p className={classes.says}>{busy > 0 ? t("stop.busy", { count: busy }) : t("stop.idle")}</p>
        {busy > 0 && (
          <Radio.Group value={how} onChange={setHow} aria-label={t("stop.how")}>
            <Radio value="finish" label={t("stop.finish")} description={t("stop.finishHint")} mb={12} />
            <Radio value="now" label={t("stop.now")} description={t("stop.nowHint")} />
          </Radio.Group>
        )}
        <Problem error={stop.error} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" color="red" loading={stop.isPending} data-autofocus>
            {t("stop.submit")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
