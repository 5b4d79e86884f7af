import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account } from "../api/schema";
import { useMay } from "../session/may";
import { CopyId } from "../ui/CopyId";
import { Form } from "../ui/Form";
import { AreaField, Section, SelectField, TextField } from "../ui/field";
import { zones } from "../ui/zones";
import { SigningSecret } from "../webhook/SigningSecret";
import classes from "./account.module.css";
import { accountQuery, changeAccount } from "./calls";
import { Limits, Retention, Webhook } from "./Inherited";
import { OutOfService } from "./OutOfService";
import type { Service } from "./ServiceDialog";
import { changeOf, settingsOf } from "./settings";
import { UsageCheck } from "./UsageCheck";

const ServiceDialog = lazy(async () => ({ default: (await import("./ServiceDialog")).ServiceDialog }));

/** What the partner has set for an account. */
export function SettingsTab() {
  const { account: id } = useParams({ from: "/inside/accounts/$account/settings" });
  const account = useQuery(accountQuery(id)).data;
  const navigate = useNavigate();
  const [doing, setDoing] = useState<Service | null>(null);
  const may = useMay();
  const [mayManage, mayReport] = [may("Accounts", "Manage"), may("Reports")];
  if (!account) return <Skeleton height={320} maw={640} />;
  return (
    <div className={classes.settings}>
      <SettingsForm account={account} key={account.Id} />
      {mayManage && account.TransactionErrorWebhookEnabled && <SigningSecret account={account.Id} />}
      {mayReport && <UsageCheck account={account.Id} />}
      {mayManage && <OutOfService account={account} onAsk={setDoing} />}
      <Suspense>
        {doing && (
          <ServiceDialog
            what={doing}
            account={account}
            onClose={() => setDoing(null)}
            onDone={doing === "delete" ? () => navigate({ to: "/accounts" }) : undefined}
          />
        )}
      </Suspense>
    </div>
  );
}

function SettingsForm({ account }: { account: Account }) {
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const values = useMemo(() => settingsOf(account), [account]);
  return (
    <Form
      values={values}
      readOnly={!may("Accounts", "Edit")}
      save={async (form) => {
        const now = await changeAccount(account.Id, changeOf(form, account));
        queries.setQueryData(accountQuery(account.Id).queryKey, now);
        void queries.invalidateQueries({ queryKey: ["accounts"] });
        return settingsOf(now);
      }}
    >
      <Section title={t("tenant.form.general")}>
        <div className={classes.fixed}>
          <span>{t("tenant.id")}</span>
          <CopyId id={account.Id} whole />
        </div>
        <TextField name="Name" label={t("tenant.name")} required autoComplete="off" />
        <AreaField name="Description" label={t("tenant.description")} />
        <SelectField
          name="Timezone"
          label={t("tenant.timezone")}
          description={t("tenant.timezoneHint")}
          data={zones(account.Timezone)}
        />
      </Section>
      <Section title={t("tenant.form.billing")}>
        <TextField
          name="NextBillDateUtc"
          type="datetime-local"
          label={t("tenant.form.bill")}
          description={t("tenant.form.billHint")}
        />
        <TextField name="AuditInfo" label={t("tenant.form.audit")} description={t("tenant.form.auditHint")} />
        <TextField
          name="TaskAuditInfo"
          label={t("tenant.form.taskAudit")}
          description={t("tenant.form.taskAuditHint")}
        />
      </Section>
      <Limits />
      <Retention />
      <Webhook account={account.Id} />
    </Form>
  );
}
