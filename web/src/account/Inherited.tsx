import { useQuery } from "@tanstack/react-query";
import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useMay, useOwn } from "../session/may";
import { NumberField, Section, SwitchField, TextField } from "../ui/field";
import { TryWebhook } from "../webhook/TryWebhook";
import classes from "./account.module.css";
import { defaultsQuery } from "./calls";
import type { Settings } from "./settings";

/** The longest that step data is kept, in hours; for those that nothing else is set for. */
const mostHours = 744;

/** What an empty field says: what the account has instead, as far as one may know it. */
function useInherited() {
  const { t } = useTranslation();
  const defaults = useQuery({ ...defaultsQuery, enabled: useMay()("Settings") }).data;
  const own = useOwn();
  return {
    limit: (of: "StepLimit" | "ConcurrentTransactionLimit") =>
      defaults
        ? t("tenant.form.inheritedAs", { value: defaults[of] || t("tenant.form.noLimit") })
        : t("tenant.form.inherited"),
    hours: (of: "StepDataSuccessRetentionHours" | "StepDataErroredRetentionHours") =>
      defaults
        ? t("tenant.form.inheritedAs", { value: defaults[of] ?? mostHours })
        : t(own ? "own.settings.inherited" : "tenant.form.inherited"),
  };
}

/** How much an account may do at once. */
export function Limits() {
  const { t } = useTranslation();
  const { limit } = useInherited();
  return (
    <Section title={t("tenant.form.limits")}>
      <div className={classes.pair}>
        <NumberField
          name="StepLimit"
          label={t("tenant.form.stepLimit")}
          description={t("tenant.form.stepLimitHint")}
          placeholder={limit("StepLimit")}
        />
        <NumberField
          name="ConcurrentTransactionLimit"
          label={t("tenant.form.transactionLimit")}
          description={t("tenant.form.transactionLimitHint")}
          placeholder={limit("ConcurrentTransactionLimit")}
        />
      </div>
    </Section>
  );
}

/** For how long what its steps sent and received is kept. */
export function Retention() {
  const { t } = useTranslation();
  const { hours } = useInherited();
  return (
    <Section title={t("tenant.form.retention")} lead={t("tenant.form.retentionLead")}>
      <div className={classes.pair}>
        <NumberField
          name="StepDataSuccessRetentionHours"
          label={t("tenant.form.success")}
          placeholder={hours("StepDataSuccessRetentionHours")}
        />
        <NumberField
          name="StepDataErroredRetentionHours"
          label={t("tenant.form.errored")}
          placeholder={hours("StepDataErroredRetentionHours")}
        />
      </div>
    </Section>
  );
}

/** Where its failures are told to. */
export function Webhook({ account }: { account: string }) {
  const { t } = useTranslation();
  const { watch, formState } = useFormContext<Settings>();
  // A form that is only to be read gives no values.
  const on = formState.disabled
    ? formState.defaultValues?.TransactionErrorWebhookEnabled
    : watch("TransactionErrorWebhookEnabled");
  return (
    <Section title={t("tenant.form.webhook")} lead={t("tenant.form.webhookLead")}>
      <SwitchField name="TransactionErrorWebhookEnabled" label={t("tenant.form.webhookOn")} />
      {on && (
        <>
          <TextField
            name="TransactionErrorWebhookUrl"
            label={t("tenant.form.webhookUrl")}
            placeholder="https://"
            inputMode="url"
          />
          <SwitchField name="TransactionErrorWebhookIncludeWarnings" label={t("tenant.form.webhookWarnings")} />
          {!formState.disabled && <TryWebhook name="TransactionErrorWebhookUrl" kind="Error" account={account} />}
        </>
      )}
    </Section>
  );
}
