import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConnectorSettings, LibraryConnector } from "../api/schema";
import { useMay } from "../session/may";
import { Confirm } from "../ui/Confirm";
import { CopyButton } from "../ui/CopyButton";
import { Form } from "../ui/Form";
import { SecretField, SwitchField, TextField } from "../ui/field";
import { Refusal } from "../ui/Refusal";
import { changeSettings, forgetSettings, settingsQuery } from "./calls";
import classes from "./library.module.css";
import { anySet, changeOf, formOf } from "./settings";

/** What the partner has set for a connector, for all accounts. */
export function Settings({ of, readOnly }: { of: LibraryConnector; readOnly: boolean }) {
  const { t } = useTranslation();
  const settings = useQuery(settingsQuery(String(of.Id)));
  const mayForget = useMay()("Connectors", "Manage");
  const [forgetting, setForgetting] = useState(false);
  return (
    <section className={classes.part} aria-labelledby="settings">
      <h2 id="settings">{t("library.settings")}</h2>
      <p className="faint">{t("library.settingsLead")}</p>
      <Refusal error={settings.error} />
      {settings.isPending && <Skeleton height={80} />}
      {settings.data && <SettingsForm of={of} settings={settings.data} readOnly={readOnly} />}
      {settings.data && mayForget && anySet(settings.data) && (
        <Button
          variant="subtle"
          color="red"
          size="compact-sm"
          className={classes.forget}
          onClick={() => setForgetting(true)}
        >
          {t("library.forget")}
        </Button>
      )}
      {forgetting && (
        <Confirm
          title={t("library.forgetTitle", { name: of.Name })}
          act={t("library.forget")}
          done={t("library.forgotten")}
          stale={["connectors"]}
          run={() => forgetSettings(String(of.Id))}
          onClose={() => setForgetting(false)}
        >
          <p>{t("library.forgetLead")}</p>
        </Confirm>
      )}
    </section>
  );
}

interface Props {
  of: LibraryConnector;
  settings: ConnectorSettings;
  readOnly: boolean;
}

function SettingsForm({ of, settings, readOnly }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const values = useMemo(() => formOf(settings), [settings]);
  const hasClient = of.Authentication.some((a) => a.AuthType === "OAuth1" || a.AuthType === "OAuth2");
  return (
    <Form
      values={values}
      readOnly={readOnly}
      save={async (form) => {
        const now = await changeSettings(String(of.Id), changeOf(settings, form, hasClient));
        queries.setQueryData(settingsQuery(String(of.Id)).queryKey, now);
        void queries.invalidateQueries({ queryKey: ["connectors", "templates"] });
        return formOf(now);
      }}
    >
      {hasClient && (
        <>
          <TextField
            name="ClientId"
            label={t("library.clientId")}
            description={t("library.clientHint")}
            autoComplete="off"
          />
          <SecretField name="ClientSecret" label={t("library.clientSecret")} />
          <p className={classes.callback}>
            {t("library.callback")} <code>{settings.CallbackUrl}</code>
            <CopyButton text={settings.CallbackUrl} label={t("action.copy")} />
          </p>
        </>
      )}
      {settings.Properties.map((p) => {
        const as = of.Parameters.find((q) => q.Id === p.Id);
        const shared = {
          name: `p${p.Id}`,
          label: as?.DisplayName || p.Name,
          description: as?.Description,
          autoComplete: "off",
        };
        return as?.Sensitive ? <SecretField key={p.Id} {...shared} /> : <TextField key={p.Id} {...shared} />;
      })}
      <SwitchField name="Native" label={t("library.native")} description={t("library.nativeHint")} />
    </Form>
  );
}
