import { Button, NumberInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../ui/CopyButton";
import dialog from "../ui/Dialog.module.css";
import { Modal } from "../ui/Modal";
import { Refusal } from "../ui/Refusal";
import { verifyAudit } from "./calls";
import classes from "./settings.module.css";

/** Walks along the log, and says whether it is as it was written. */
export function VerifyDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const proof = useMutation({
    mutationFn: (kept: { id: string; hash: string }) =>
      verifyAudit(kept.id ? Number(kept.id) : undefined, kept.hash || undefined),
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    proof.mutate({ id: String(form.get("id")).trim(), hash: String(form.get("hash")).trim() });
  };
  const found = proof.data;
  const head = found?.Head;
  const broken =
    found && !found.Intact && t("settings.audit.broken", { id: found.Broken ?? "", reason: found.Reason ?? "" });
  return (
    <Modal onClose={onClose} title={t("settings.audit.verifyTitle")}>
      <form onSubmit={submit}>
        <div className={dialog.body}>
          <p>{t("settings.audit.verifyLead")}</p>
          <NumberInput
            name="id"
            label={t("settings.audit.keptId")}
            description={t("settings.audit.keptHint")}
            min={1}
          />
          <TextInput name="hash" label={t("settings.audit.keptHash")} autoComplete="off" />
          <div role="status">
            {found?.Intact && (
              <p className={classes.intact}>
                <CircleCheck size={15} aria-hidden />
                {t("settings.audit.intact", { count: head?.Id ?? 0 })}
              </p>
            )}
          </div>
          {found?.Intact && head && (
            <p className={classes.head}>
              <span>{t("settings.audit.head", { id: head.Id })}</span>
              <code>{head.Hash}</code>
              <CopyButton text={`${head.Id} ${head.Hash}`} label={t("settings.audit.copyHead")} />
            </p>
          )}
        </div>
        <Refusal error={proof.error} problem={broken} />
        <div className={dialog.buttons}>
          <Button variant="default" onClick={onClose}>
            {t("action.close")}
          </Button>
          <Button type="submit" loading={proof.isPending}>
            {t("settings.audit.verify")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
