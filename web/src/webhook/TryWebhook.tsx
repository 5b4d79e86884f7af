import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { CircleCheck, Send } from "lucide-react";
import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Refusal } from "../ui/Refusal";
import { type Kind, tryWebhook } from "./calls";
import classes from "./webhook.module.css";

/** Sends a test to the address in a field of the form around it, saved or not. */
export function TryWebhook({ name, kind, account }: { name: string; kind: Kind; account?: string }) {
  const { t } = useTranslation();
  const address: string = useFormContext().watch(name) ?? "";
  const trial = useMutation({ mutationFn: () => tryWebhook(address, kind, account) });
  const came = trial.data;
  return (
    <div className={classes.trial}>
      <Button
        variant="default"
        size="xs"
        leftSection={<Send size={13} aria-hidden />}
        disabled={!address.trim()}
        loading={trial.isPending}
        onClick={() => trial.mutate()}
      >
        {t("webhook.test")}
      </Button>
      <span role="status">
        {came?.Delivered && (
          <>
            <CircleCheck size={14} aria-hidden />
            {t("webhook.delivered", { status: came.Status, ms: came.Milliseconds })}
          </>
        )}
      </span>
      <Refusal error={trial.error} problem={came && !came.Delivered && came.Reason} />
    </div>
  );
}
