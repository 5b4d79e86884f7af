import { useTranslation } from "react-i18next";
import type { PartnerSettings } from "../api/schema";
import { AreaField, NumberField, Section } from "../ui/field";
import { PageHead } from "../ui/PageHead";
import { changeSettings, settingsQuery } from "./calls";
import { EmbeddingForm } from "./EmbeddingForm";
import { fromLines, toLines } from "./lines";
import { SettingsForm } from "./SettingsForm";
import classes from "./settings.module.css";

/** What holds for all accounts: the allowance, their limits, and where their screens may be shown. */
export function GeneralPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("settings.general.title")} lead={t("settings.general.lead")} docs="settings#general" />
      <div className={classes.forms}>
        <Tasks />
        <EmbeddingForm />
      </div>
    </>
  );
}

const tasksOf = ({ Task, Account }: PartnerSettings) => ({
  Allowance: Task.Allowance || null,
  Alerts: toLines(Task.Alerts),
  ConcurrentTransactionLimit: Account.ConcurrentTransactionLimit || null,
  StepLimit: Account.StepLimit || null,
});

function Tasks() {
  const { t } = useTranslation();
  return (
    <SettingsForm
      query={settingsQuery}
      of={tasksOf}
      height={320}
      change={({ Allowance, Alerts, ...Account }) =>
        changeSettings({ Task: { Allowance: Allowance ?? 0, Alerts: fromLines(Alerts) }, Account })
      }
    >
      <Section title={t("settings.general.tasks")} lead={t("settings.general.tasksLead")}>
        <NumberField
          name="Allowance"
          label={t("settings.general.allowance")}
          placeholder={t("settings.general.noAllowance")}
          thousandSeparator=","
        />
        <AreaField
          name="Alerts"
          label={t("settings.general.alerts")}
          description={t("settings.general.alertsHint")}
          rows={2}
        />
      </Section>
      <Section title={t("settings.general.limits")} lead={t("settings.general.limitsLead")}>
        <div className={classes.pair}>
          <NumberField
            name="StepLimit"
            label={t("settings.general.stepLimit")}
            description={t("settings.general.stepLimitHint")}
            placeholder={t("settings.noLimit")}
          />
          <NumberField
            name="ConcurrentTransactionLimit"
            label={t("settings.general.transactionLimit")}
            description={t("settings.general.transactionLimitHint")}
            placeholder={t("settings.noLimit")}
          />
        </div>
      </Section>
    </SettingsForm>
  );
}
