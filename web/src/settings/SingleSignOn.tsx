import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, PlugZap } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { SignOn } from "../api/schema";
import { CopyButton } from "../ui/CopyButton";
import { Form } from "../ui/Form";
import { AreaField, Section, SwitchField, TextField } from "../ui/field";
import { Refusal } from "../ui/Refusal";
import { Failure } from "../ui/State";
import { changeSignOn, signOnQuery, testSignOn } from "./calls";
import { fromLines, toLines } from "./lines";
import classes from "./settings.module.css";
import { useEverything } from "./useEverything";

const formOf = (o: SignOn) => ({
  Issuer: o.Issuer,
  ClientId: o.ClientId,
  ClientSecret: "",
  Domains: toLines(o.Domains),
  Console: o.Console,
  Accounts: o.Accounts,
  CreateUsers: o.CreateUsers,
});

/** A page of the partner's own at which people sign in (OpenID Connect). */
export function SingleSignOn() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const signOn = useQuery(signOnQuery);
  const all = useEverything();
  const values = useMemo(() => signOn.data && formOf(signOn.data), [signOn.data]);
  if (signOn.isError) return <Failure error={signOn.error} onRetry={() => signOn.refetch()} />;
  if (!values) return <Skeleton height={420} maw={640} />;
  return (
    <Form
      values={values}
      readOnly={!all}
      save={async ({ ClientSecret, Domains, ...rest }) => {
        const now = await changeSignOn({
          ...rest,
          Domains: fromLines(Domains),
          ...(ClientSecret && { ClientSecret }),
        });
        queries.setQueryData(signOnQuery.queryKey, now);
        return formOf(now);
      }}
    >
      <Section title={t("settings.sso.title")} lead={t(all ? "settings.sso.lead" : "settings.sso.leadLess")}>
        <TextField
          name="Issuer"
          label={t("settings.sso.issuer")}
          description={t("settings.sso.issuerHint")}
          inputMode="url"
          placeholder="https://"
        />
        <TextField name="ClientId" label={t("settings.sso.client")} autoComplete="off" />
        <TextField
          name="ClientSecret"
          type="password"
          label={t("settings.sso.secret")}
          description={t("settings.sso.secretHint")}
          autoComplete="off"
        />
        <AreaField
          name="Domains"
          label={t("settings.sso.domains")}
          description={t("settings.sso.domainsHint")}
          placeholder="acme.example"
        />
        {!!signOn.data?.PendingDomains.length && (
          <p className={classes.note}>
            {t("settings.sso.pending", { domains: signOn.data.PendingDomains.join(", ") })}
          </p>
        )}
        <SwitchField name="Console" label={t("settings.sso.console")} />
        <SwitchField name="CreateUsers" label={t("settings.sso.create")} description={t("settings.sso.createHint")} />
        <SwitchField name="Accounts" label={t("settings.sso.accounts")} />
        <Callbacks />
        {signOn.data?.Issuer && <Trial />}
      </Section>
    </Form>
  );
}

/** What the provider has to know of us. */
function Callbacks() {
  const { t } = useTranslation();
  return (
    <dl className={classes.callbacks}>
      <dt>{t("settings.sso.callbacks")}</dt>
      {(["console", "account"] as const).map((kind) => {
        const address = `${window.location.origin}/${kind}/sso/callback`;
        return (
          <dd key={kind}>
            <code>{address}</code>
            <CopyButton text={address} label={t("action.copy")} name={t("once.copy", { what: address })} />
          </dd>
        );
      })}
    </dl>
  );
}

/** Asks the provider that is saved whether it is there. */
function Trial() {
  const { t } = useTranslation();
  const trial = useMutation({ mutationFn: testSignOn });
  return (
    <div className={classes.trial}>
      <Button
        variant="default"
        size="xs"
        leftSection={<PlugZap size={13} aria-hidden />}
        loading={trial.isPending}
        onClick={() => trial.mutate()}
      >
        {t("settings.sso.test")}
      </Button>
      <span role="status">
        {trial.data?.Reached && (
          <>
            <CircleCheck size={14} aria-hidden />
            {t("settings.sso.reached")}
          </>
        )}
      </span>
      <Refusal error={trial.error} problem={trial.data && !trial.data.Reached && trial.data.Reason} />
    </div>
  );
}
