import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Partner, PartnerSettings } from "../api/schema";
import { sessionQuery } from "../session/calls";
import { AreaField, NumberField, Section, TextField } from "../ui/field";
import { PageHead } from "../ui/PageHead";
import { changeSettings, partnerQuery, renamePartner, settingsQuery } from "./calls";
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
        <Company />
        <Tasks />
        <EmbeddingForm />
      </div>
    </>
  );
}

const nameOf = ({ Name }: Partner) => ({ Name });

function Company() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const router = useRouter();
  return (
    <SettingsForm
      query={partnerQuery}
      of={nameOf}
      height={120}
      change={async ({ Name }) => {
        const now = await renamePartner(Name);
        // It is at the head of the navigation.
        await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
        await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
        await router.invalidate();
        return now;
      }}
    >
      <Section title={t("settings.general.company")} lead={t("settings.general.companyLead")}>
        <TextField name="Name" label={t("settings.general.name")} autoComplete="organization" required />
      </Section>
    </SettingsForm>
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
