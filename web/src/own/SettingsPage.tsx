import { Skeleton } from "@mantine/core";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { accountQuery } from "../account/calls";
import { Retention } from "../account/Inherited";
import { client, value, within } from "../api/client";
import type { OwnAccount } from "../api/schema";
import { useMay } from "../session/may";
import { Form } from "../ui/Form";
import { AreaField, Section, SelectField } from "../ui/field";
import { Failure, Missing } from "../ui/State";
import { zones } from "../ui/zones";

const settingsQuery = (account: string) =>
  queryOptions({
    queryKey: ["own", "settings", account],
    queryFn: ({ signal }) => value(client.GET("/v1.0/account", { params: { header: within(account) }, signal })),
  });

const settingsOf = (a: OwnAccount) => ({
  Description: a.Description ?? "",
  Timezone: a.Timezone,
  StepDataSuccessRetentionHours: a.StepDataSuccessRetentionHours,
  StepDataErroredRetentionHours: a.StepDataErroredRetentionHours,
});

/** What administrators set of their account; to others there is no such page. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { account } = useParams({ from: "/inside/accounts/$account/settings" });
  const administrator = useMay()("Users");
  const settings = useQuery({ ...settingsQuery(account), enabled: administrator });
  if (!administrator) return <Missing>{t("error.notFound")}</Missing>;
  if (settings.isError) return <Failure error={settings.error} onRetry={() => settings.refetch()} />;
  if (!settings.data) return <Skeleton height={320} maw={640} />;
  return <SettingsForm of={settings.data} />;
}

function SettingsForm({ of }: { of: OwnAccount }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const values = useMemo(() => settingsOf(of), [of]);
  return (
    <Form
      values={values}
      save={async (form) => {
        const body = { ...form, Description: form.Description || null };
        const now = await value(client.PUT("/v1.0/account", { params: { header: within(of.Id) }, body }));
        queries.setQueryData(settingsQuery(of.Id).queryKey, now);
        void queries.invalidateQueries({ queryKey: accountQuery(of.Id).queryKey });
        return settingsOf(now);
      }}
    >
      <Section title={t("own.settings.general")} lead={t("own.settings.name")}>
        <AreaField name="Description" label={t("tenant.description")} />
        <SelectField
          name="Timezone"
          label={t("tenant.timezone")}
          description={t("own.settings.timezoneHint")}
          data={zones(of.Timezone)}
        />
      </Section>
      <Retention />
    </Form>
  );
}
