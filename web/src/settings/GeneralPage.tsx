import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { PartnerSettings } from "../api/schema";
import { useMay } from "../session/may";
import { Form } from "../ui/Form";
import { AreaField, NumberField, Section } from "../ui/field";
import { PageHead } from "../ui/PageHead";
import { Failure } from "../ui/State";
import { changeSettings, settingsQuery } from "./calls";
import { EmbeddingForm } from "./EmbeddingForm";
import { fromLines, toLines } from "./lines";
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
  const queries = useQueryClient();
  const settings = useQuery(settingsQuery);
  const mayEdit = useMay()("Settings", "Edit");
  const values = useMemo(() => settings.data && tasksOf(settings.data), [settings.data]);
  if (settings.isError) return <Failure error={settings.error} onRetry={() => settings.refetch()} />;
  if (!values) return <Skeleton height={320} maw={640} />;
  return (
    <Form
      values={values}
      readOnly={!mayEdit}
      save={async ({ Allowance, Alerts, ...Account }) => {
        const now = await changeSettings({ Task: { Allowance: Allowance ?? 0, Alerts: fromLines(Alerts) }, Account });
        queries.setQueryData(settingsQuery.queryKey, now);
        return tasksOf(now);
      }}
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
    </Form>
  );
}
