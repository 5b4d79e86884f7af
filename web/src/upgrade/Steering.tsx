import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Rollout } from "../api/schema";
import { useMay } from "../session/may";
import { Dialog } from "../ui/Dialog";
import { Refusal } from "../ui/Refusal";
import { type Act, rolloutQuery, steer } from "./calls";

/** What can be done with a rollout. */
export function Steering({ of }: { of: Rollout }) {
  const { t } = useTranslation();
  const may = useMay()("Accounts", "Edit");
  const queries = useQueryClient();
  const [asked, setAsked] = useState(false);
  const did = useMutation({
    mutationFn: (act: Act) => steer(of.TemplateId, of.Id, act),
    onSuccess: (now) => {
      setAsked(false);
      queries.setQueryData(rolloutQuery(of.TemplateId, of.Id).queryKey, now);
      void queries.invalidateQueries({ queryKey: ["template", of.TemplateId] });
    },
  });
  if (!may) return null;
  const failed = of.Counts.Failed;
  return (
    <>
      {!asked && <Refusal error={did.error} />}
      {!of.EndedOnUtc && (
        <Button variant="default" onClick={() => setAsked(true)}>
          {t("upgrade.cancel")}
        </Button>
      )}
      {of.State !== "Running" && failed > 0 && (
        <Button variant="default" loading={did.isPending} onClick={() => did.mutate("retry")}>
          {t("upgrade.retry", { count: failed })}
        </Button>
      )}
      {of.State === "Waiting" && (
        <Button loading={did.isPending} onClick={() => did.mutate("continue")}>
          {t("upgrade.continue", { count: of.Counts.Pending })}
        </Button>
      )}
      {asked && (
        <Dialog
          title={t("upgrade.cancelAsk")}
          act={t("upgrade.cancel")}
          danger
          busy={did.isPending}
          error={did.error}
          onAct={() => did.mutate("cancel")}
          onClose={() => setAsked(false)}
        >
          <p>{t("upgrade.cancelSays", { count: of.Counts.Pending })}</p>
        </Dialog>
      )}
    </>
  );
}
