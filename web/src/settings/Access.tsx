import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Security } from "../api/schema";
import { useMay } from "../session/may";
import { Form } from "../ui/Form";
import { AreaField, Section, SwitchField } from "../ui/field";
import { Failure } from "../ui/State";
import { changeSecurity, securityQuery } from "./calls";
import { fromLines, toLines } from "./lines";

const formOf = (s: Security) => ({
  RequireTwoFactor: s.RequireTwoFactor,
  ConsoleAddresses: toLines(s.ConsoleAddresses),
  ApiAddresses: toLines(s.ApiAddresses),
});

/** The second factor that is required, and the networks that people and programs may come from. */
export function Access() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const security = useQuery(securityQuery);
  const mayManage = useMay()("Security", "Manage");
  const values = useMemo(() => security.data && formOf(security.data), [security.data]);
  if (security.isError) return <Failure error={security.error} onRetry={() => security.refetch()} />;
  if (!values) return <Skeleton height={320} maw={640} />;
  return (
    <Form
      values={values}
      readOnly={!mayManage}
      save={async (v) => {
        const now = await changeSecurity({
          RequireTwoFactor: v.RequireTwoFactor,
          ConsoleAddresses: fromLines(v.ConsoleAddresses),
          ApiAddresses: fromLines(v.ApiAddresses),
        });
        queries.setQueryData(securityQuery.queryKey, now);
        return formOf(now);
      }}
    >
      <Section title={t("settings.security.access")}>
        <SwitchField
          name="RequireTwoFactor"
          label={t("settings.security.factor")}
          description={t("settings.security.factorHint")}
        />
        <AreaField
          name="ConsoleAddresses"
          label={t("settings.security.console")}
          description={t("settings.security.consoleHint")}
          placeholder="192.0.2.0/24"
        />
        <AreaField
          name="ApiAddresses"
          label={t("settings.security.api")}
          description={t("settings.security.apiHint")}
          placeholder="192.0.2.0/24"
        />
      </Section>
    </Form>
  );
}
