import { useTranslation } from "react-i18next";
import type { PartnerSettings } from "../api/schema";
import { useMay } from "../session/may";
import { Section, SwitchField, TextField } from "../ui/field";
import { PageHead } from "../ui/PageHead";
import { SigningSecret } from "../webhook/SigningSecret";
import { TryWebhook } from "../webhook/TryWebhook";
import { changeSettings, settingsQuery } from "./calls";
import { Deliveries } from "./Deliveries";
import { Receivers } from "./Receivers";
import { SettingsForm } from "./SettingsForm";
import classes from "./settings.module.css";

const webhooksOf = ({ Account: a, Notice: n }: PartnerSettings) => ({
  TransactionErrorWebhookEnabled: a.TransactionErrorWebhookEnabled,
  TransactionErrorWebhookUrl: a.TransactionErrorWebhookUrl ?? "",
  TransactionErrorWebhookIncludeWarnings: a.TransactionErrorWebhookIncludeWarnings,
  NotificationWebhookUrl: n.NotificationWebhookUrl ?? "",
});

/** Who is told of what went wrong, and what became of it. */
export function NotificationsPage() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <>
      <PageHead
        title={t("settings.notifications.title")}
        lead={t("settings.notifications.lead")}
        docs="errors#error-webhooks"
      />
      <div className={classes.forms}>
        {may("Settings") && <Webhooks />}
        {may("Settings", "Manage") && <SigningSecret />}
      </div>
      <Receivers />
      <Deliveries />
    </>
  );
}

function Webhooks() {
  const { t } = useTranslation();
  const mayEdit = useMay()("Settings", "Edit");
  return (
    <SettingsForm
      query={settingsQuery}
      of={webhooksOf}
      height={320}
      change={({ NotificationWebhookUrl, TransactionErrorWebhookUrl, ...rest }) =>
        changeSettings({
          Account: { ...rest, TransactionErrorWebhookUrl: TransactionErrorWebhookUrl || null },
          Notice: { NotificationWebhookUrl: NotificationWebhookUrl || null },
        })
      }
    >
      <Section title={t("settings.notifications.errors")} lead={t("settings.notifications.errorsLead")}>
        <SwitchField name="TransactionErrorWebhookEnabled" label={t("settings.notifications.errorsOn")} />
        <TextField
          name="TransactionErrorWebhookUrl"
          label={t("settings.notifications.errorsUrl")}
          placeholder="https://"
          inputMode="url"
        />
        <SwitchField name="TransactionErrorWebhookIncludeWarnings" label={t("settings.notifications.warnings")} />
        {mayEdit && <TryWebhook name="TransactionErrorWebhookUrl" kind="Error" />}
      </Section>
      <Section title={t("settings.notifications.stops")} lead={t("settings.notifications.stopsLead")}>
        <TextField
          name="NotificationWebhookUrl"
          label={t("settings.notifications.stopsUrl")}
          description={t("settings.notifications.stopsHint")}
          placeholder="https://"
          inputMode="url"
        />
        {mayEdit && <TryWebhook name="NotificationWebhookUrl" kind="Notification" />}
      </Section>
    </SettingsForm>
  );
}
