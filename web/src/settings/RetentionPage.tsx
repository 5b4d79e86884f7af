import { useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { PartnerSettings } from "../api/schema";
import { NumberField, Section } from "../ui/field";
import { duration } from "../ui/format";
import { PageHead } from "../ui/PageHead";
import { changeSettings, settingsQuery } from "./calls";
import { SettingsForm } from "./SettingsForm";
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
  return (
    <>
      <PageHead title={t("settings.retention.title")} lead={t("settings.retention.lead")} docs="records" />
      <SettingsForm query={settingsQuery} of={hoursOf} height={220} change={(Account) => changeSettings({ Account })}>
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
      </SettingsForm>
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
