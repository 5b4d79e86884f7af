import { TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Controller, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { SettingsForm } from "../settings/SettingsForm";
import { AreaField, NumberField, Section, SelectField, SwitchField, TextField } from "../ui/field";
import { changeCycle, cycleQuery, useCyclesChanged } from "./calls";
import classes from "./cycle.module.css";
import { asChange, type Settings, settingsOf } from "./settings";

/** What a cycle is called, and how it deals with lists, errors and records. */
export function CycleSettings() {
  const { t } = useTranslation();
  const { account, cycle } = useParams({ from: "/inside/accounts/$account/cycles/$cycle" });
  const of = useQuery(cycleQuery(account, cycle)).data;
  const changed = useCyclesChanged(account);
  const may = useMay();
  if (!of) return null;
  const runs = of.Status !== "Paused";
  return (
    <div className={classes.settings}>
      {runs && <p className={classes.notice}>{t("cycle.lockedSettings")}</p>}
      <SettingsForm
        query={cycleQuery(account, cycle)}
        of={settingsOf}
        height={520}
        readOnly={runs || !may("Accounts", "Edit")}
        change={async (values) => {
          const now = await changeCycle(account, cycle, asChange(values));
          await changed();
          return now;
        }}
      >
        {(form) => (
          <>
            <Section title={t("cycle.about")}>
              <TextField name="Name" label={t("cycle.name")} required />
              <AreaField name="Description" label={t("cycle.description")} />
              <TagsField />
            </Section>
            <Section title={t("cycle.behaviour")}>
              <SelectField
                name="CollectionSplitType"
                label={t("cycle.split")}
                description={t("cycle.splitHint")}
                data={(["First", "All", "None"] as const).map((value) => ({
                  value,
                  label: t(`cycle.splits.${value}`),
                }))}
              />
              <SelectField
                name="StepErrorAction"
                label={t("cycle.onError")}
                data={(["StopTransaction", "Retry", "Ignore", "StopIntegration"] as const).map((value) => ({
                  value,
                  label: t(`cycle.onErrors.${value}`),
                }))}
              />
              {(form.watch("StepErrorAction") ?? of.StepErrorAction) === "Retry" && (
                <NumberField
                  name="Retries"
                  label={t("cycle.retries")}
                  description={t("cycle.retriesHint")}
                  min={1}
                  max={5}
                />
              )}
            </Section>
            <Section title={t("cycle.records")} lead={t("cycle.recordsLead")}>
              <SwitchField name="LogStepDataRequests" label={t("cycle.log")} description={t("cycle.logHint")} />
              <div className={classes.pair}>
                <NumberField
                  name="StepDataSuccessRetentionHours"
                  label={t("cycle.keepSuccess")}
                  placeholder={t("cycle.asAccount")}
                />
                <NumberField
                  name="StepDataErroredRetentionHours"
                  label={t("cycle.keepErrored")}
                  placeholder={t("cycle.asAccount")}
                />
              </div>
            </Section>
          </>
        )}
      </SettingsForm>
    </div>
  );
}

function TagsField() {
  const { t } = useTranslation();
  const { getFieldState, formState } = useFormContext<Settings>();
  return (
    <Controller<Settings, "Tags">
      name="Tags"
      render={({ field }) => (
        <TagsInput
          {...field}
          label={t("cycle.tags")}
          description={t("cycle.tagsHint")}
          error={getFieldState("Tags", formState).error?.message}
        />
      )}
    />
  );
}
