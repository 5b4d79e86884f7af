import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { PartnerSettings } from "../api/schema";
import { useMay } from "../session/may";
import { Form } from "../ui/Form";
import { NumberField, Section } from "../ui/field";
import { duration } from "../ui/format";
import { PageHead } from "../ui/PageHead";
import { Failure } from "../ui/State";
import { changeSettings, settingsQuery } from "./calls";
import classes from "./settings.module.css";

/** The longest that step data is kept, in hours; also what holds when nothing is set. */
const mostHours = 744;

const hoursOf = ({ Account: a }: PartnerSettings) => ({
  StepDataSuccessRetentionHours: a.StepDataSuccessRetentionHours,
  StepDataErroredRetentionHours: a.StepDataErroredRetentionHours,
});

/** For how long what steps sent and received is kept, in accounts that have no such setting. */
export function RetentionPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const settings = useQuery(settingsQuery);
  const mayEdit = useMay()("Settings", "Edit");
  const values = useMemo(() => settings.data && hoursOf(settings.data), [settings.data]);
  return (
    <>
      <PageHead title={t("settings.retention.title")} lead={t("settings.retention.lead")} docs="records" />
      {settings.isError ? (
        <Failure error={settings.error} onRetry={() => settings.refetch()} />
      ) : !values ? (
        <Skeleton height={220} maw={640} />
      ) : (
        <Form
          values={values}
          readOnly={!mayEdit}
          save={async (Account) => {
            const now = await changeSettings({ Account });
            queries.setQueryData(settingsQuery.queryKey, now);
            void queries.invalidateQueries({ queryKey: ["settings"] });
            return hoursOf(now);
          }}
        >
          <Section title={t("settings.retention.section")} lead={t("settings.retention.sectionLead")}>
            <div className={classes.pair}>
              <Hours name="StepDataSuccessRetentionHours" label={t("settings.retention.success")} />
              <Hours name="StepDataErroredRetentionHours" label={t("settings.retention.errored")} />
            </div>
            <ol className={classes.chain} aria-label={t("settings.retention.chain")}>
              <li data-here>{t("settings.retention.console")}</li>
              <li>{t("settings.retention.account")}</li>
              <li>{t("settings.retention.cycle")}</li>
            </ol>
          </Section>
        </Form>
      )}
    </>
  );
}

function Hours({ name, label }: { name: keyof ReturnType<typeof hoursOf>; label: string }) {
  const { t } = useTranslation();
  const hours: number | null = useWatch({ name });
  const kept = hours ?? mostHours;
  return (
    <NumberField
      name={name}
      label={label}
      min={0}
      suffix={t("settings.retention.hours")}
      placeholder={t("settings.retention.default")}
      description={
        kept === 0
          ? t("settings.retention.nothing")
          : t("settings.retention.kept", { time: duration(Math.min(kept, mostHours) * 3_600_000) })
      }
    />
  );
}
